package dev.drover.alert;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes from a JSON stream what should be text, and often is a number, a boolean or null. */
final class Texts {
  private Texts() {}

  /** The current value as text, or {@code otherwise} if it is null or a structure (skipped). */
  static String scalar(JsonParser parser, String otherwise) throws IOException {
    JsonToken token = parser.currentToken();
    if (token.isStructStart()) {
      parser.skipChildren();
      return otherwise;
    }
    return token == JsonToken.VALUE_NULL ? otherwise : parser.getText();
  }

  /**
   * The current object with all its values as text: null as the empty text, a structure as its
   * JSON. What is no object is skipped, and gives an empty map.
   */
  static Map<String, String> map(JsonParser parser, String source) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return all;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      boolean structure = parser.nextToken().isStructStart();
      all.put(name, structure ? raw(parser, source) : scalar(parser, ""));
    }
    return all;
  }

  /** The text of the current value in the source; the parser is moved to its end. */
  static String raw(JsonParser parser, String source) throws IOException {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return source.substring(start, end(parser));
  }

  /** Where the current token ends in the source. */
  static int end(JsonParser parser) throws IOException {
    // Strings are read lazily: only a finished token has its end.
    parser.finishToken();
    return (int) parser.currentLocation().getCharOffset();
  }

  /** What a value is, in words. */
  static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "no value";
    };
  }
}
