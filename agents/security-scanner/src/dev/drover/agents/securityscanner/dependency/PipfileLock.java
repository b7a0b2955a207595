package dev.drover.agents.securityscanner.dependency;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringReader;

/** Pipfile.lock: groups of packages, each with a version such as {@code ==1.2}. */
final class PipfileLock {
  private PipfileLock() {}

  static void read(String text, Manifest manifest) {
    try (JsonParser parser = new JsonFactory().createParser(new StringReader(text))) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean meta = parser.currentName().startsWith("_");
        if (parser.nextToken() == JsonToken.START_OBJECT && !meta) {
          group(parser, manifest);
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      manifest.problem("dependencies left out: not valid JSON");
    }
  }

  private static void group(JsonParser parser, Manifest manifest) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonLocation place = parser.currentTokenLocation();
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
        continue;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean version = parser.currentName().equals("version");
        if (parser.nextToken() == JsonToken.VALUE_STRING && version) {
          String exact = parser.getText().replaceFirst("^={2,3}", "");
          manifest.add(Ecosystem.PYPI, name, exact, place.getLineNr(), place.getColumnNr());
        } else {
          parser.skipChildren();
        }
      }
    }
  }
}
