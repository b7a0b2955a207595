package dev.drover.agents.patcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads JSON into values that know where they are written. Lists are of no interest here. */
final class JsonPlaces {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * A value of the document.
   *
   * @param text of a string or number; empty for others
   * @param start offset of its first character, the quote of a string included
   * @param end offset behind its last
   */
  record Value(String text, int start, int end, Map<String, Value> members) {
    Value {
      members = new LinkedHashMap<>(members);
    }

    Optional<Value> member(String name) {
      return Optional.ofNullable(members.get(name));
    }

    /** The same string with another content, which needs no escapes. */
    Places.Splice becomes(String other) {
      return new Places.Splice(start + 1, end - 1, other);
    }
  }

  /** The text is not one JSON document; the message says where. */
  static final class NotJson extends Exception {
    private static final long serialVersionUID = 1L;

    NotJson(String message) {
      super(message);
    }
  }

  private final JsonParser parser;
  private final int shift;

  private JsonPlaces(JsonParser parser, int shift) {
    this.parser = parser;
    this.shift = shift;
  }

  static Value parse(String path, String document) throws NotJson {
    int mark = document.startsWith("\uFEFF") ? 1 : 0;
    try (JsonParser parser = JSON.createParser(new StringReader(document.substring(mark)))) {
      parser.nextToken();
      Value value = new JsonPlaces(parser, mark).value();
      if (parser.nextToken() != null) {
        throw new NotJson(path + " holds more than one JSON document");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new NotJson(path + " is not valid JSON: line " + e.getLocation().getLineNr());
    } catch (IOException e) {
      throw new NotJson(path + " is not valid JSON");
    }
  }

  private Value value() throws IOException {
    JsonToken token = parser.currentToken();
    int start = (int) parser.currentTokenLocation().getCharOffset() + shift;
    Map<String, Value> members = new LinkedHashMap<>();
    String text = "";
    if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, value());
      }
    } else if (token == JsonToken.START_ARRAY) {
      parser.skipChildren();
    } else if (token != null) {
      text = parser.getText(); // finishes the token, so that the location is behind it
    }
    return new Value(text, start, (int) parser.currentLocation().getCharOffset() + shift, members);
  }
}
