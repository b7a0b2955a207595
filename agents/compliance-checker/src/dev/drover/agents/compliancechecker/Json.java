package dev.drover.agents.compliancechecker;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.IdentityHashMap;

/** A JSON document that knows on which line each object begins. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonNode root;
  private final IdentityHashMap<JsonNode, Integer> lines;

  private Json(JsonNode root, IdentityHashMap<JsonNode, Integer> lines) {
    this.root = root;
    this.lines = lines;
  }

  static Json parse(byte[] document) throws Unreadable {
    IdentityHashMap<JsonNode, Integer> lines = new IdentityHashMap<>();
    try (JsonParser parser = MAPPER.createParser(document)) {
      if (parser.nextToken() == null) {
        throw new Unreadable("it is empty");
      }
      return new Json(value(parser, lines), lines);
    } catch (JsonProcessingException e) {
      throw new Unreadable(
          "it is no JSON"
              + (e.getLocation() == null ? "" : ": line " + e.getLocation().getLineNr()));
    } catch (IOException e) {
      throw new Unreadable("it is no JSON in UTF-8");
    }
  }

  /** The parser's own bound on nesting keeps this from going too deep. */
  private static JsonNode value(JsonParser parser, IdentityHashMap<JsonNode, Integer> lines)
      throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      ObjectNode object = MAPPER.createObjectNode();
      lines.put(object, line);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        object.set(name, value(parser, lines));
      }
      return object;
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      ArrayNode array = MAPPER.createArrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(value(parser, lines));
      }
      return array;
    }
    return MAPPER.readTree(parser);
  }

  JsonNode root() {
    return root;
  }

  /** Where an object begins; 0 for what is none. */
  int line(JsonNode object) {
    return lines.getOrDefault(object, 0);
  }
}
