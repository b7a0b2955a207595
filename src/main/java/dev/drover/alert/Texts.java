package dev.drover.alert;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Takes from one body's stream what should be text, and often is a number, a boolean or null.
 *
 * <p>A label costs many times more heap than bytes in the body, so their number is limited.
 */
final class Texts {
  /** The most labels and annotations in a body, all alerts together. */
  static final int MAX_ENTRIES = 500_000;

  private final String source;
  private int entries;

  Texts(String source) {
    this.source = source;
  }

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
  Map<String, String> map(JsonParser parser) throws IOException, RejectedBody {
    Map<String, String> all = new LinkedHashMap<>();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return all;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      boolean structure = parser.nextToken().isStructStart();
      put(all, name, structure ? raw(parser) : scalar(parser, ""));
    }
    return all;
  }

  /** Adds one label or annotation. */
  void put(Map<String, String> all, String name, String value) throws RejectedBody {
    entries++;
    if (entries > MAX_ENTRIES) {
      throw new RejectedBody(
          "the body has more than " + MAX_ENTRIES + " labels and annotations; send smaller groups");
    }
    all.put(name, value);
  }

  private String raw(JsonParser parser) throws IOException {
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
