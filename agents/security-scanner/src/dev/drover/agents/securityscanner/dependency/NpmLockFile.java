package dev.drover.agents.securityscanner.dependency;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringReader;

/** package-lock.json: {@code packages} of versions 2 and 3, nested {@code dependencies} of 1. */
final class NpmLockFile {
  private static final String MODULES = "node_modules/";

  private final JsonParser parser;
  private final Manifest manifest;
  private final Manifest older;
  private boolean hasPackages;

  private NpmLockFile(JsonParser parser, Manifest manifest) {
    this.parser = parser;
    this.manifest = manifest;
    this.older = new Manifest(manifest.path());
  }

  static void read(String text, Manifest manifest) {
    try (JsonParser parser = new JsonFactory().createParser(new StringReader(text))) {
      new NpmLockFile(parser, manifest).read();
    } catch (JsonProcessingException e) {
      manifest.problem(
          "dependencies left out: not valid JSON at line " + e.getLocation().getLineNr());
    } catch (IOException e) {
      manifest.problem("dependencies left out: not valid JSON");
    }
  }

  private void read() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      if (object && name.equals("packages")) {
        hasPackages = true;
        packages();
      } else if (object && name.equals("dependencies")) {
        tree();
      } else {
        parser.skipChildren();
      }
    }
    if (!hasPackages) {
      // Version 2 has both, and they say the same.
      older
          .dependencies()
          .forEach(
              each ->
                  manifest.add(
                      each.ecosystem(), each.name(), each.version(), each.line(), each.column()));
    }
  }

  private void packages() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonLocation place = parser.currentTokenLocation();
      String name =
          key.substring(key.lastIndexOf(MODULES) + (key.contains(MODULES) ? MODULES.length() : 1));
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
        continue;
      }
      Entry entry = entry(null);
      // Without node_modules it is the project itself, or a workspace.
      if (key.contains(MODULES) && !entry.link) {
        String real = entry.name.isEmpty() ? name : entry.name;
        add(manifest, real, entry.version, place);
      }
    }
  }

  private void tree() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonLocation place = parser.currentTokenLocation();
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
        continue;
      }
      Entry entry = entry(this);
      if (entry.version.startsWith("npm:")) {
        int at = entry.version.lastIndexOf('@');
        if (at > 4) {
          add(older, entry.version.substring(4, at), entry.version.substring(at + 1), place);
        }
      } else {
        add(older, name, entry.version, place);
      }
    }
  }

  private static final class Entry {
    private String name = "";
    private String version = "";
    private boolean link;
  }

  /** The parser bounds the depth, so the recursion is bounded, too. */
  private Entry entry(@org.jspecify.annotations.Nullable NpmLockFile nested) throws IOException {
    Entry entry = new Entry();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (field) {
        case "version" -> entry.version = value == JsonToken.VALUE_STRING ? parser.getText() : "";
        case "name" -> entry.name = value == JsonToken.VALUE_STRING ? parser.getText() : "";
        case "link" -> entry.link = value == JsonToken.VALUE_TRUE;
        case "dependencies" -> {
          if (nested != null && value == JsonToken.START_OBJECT) {
            nested.tree();
          } else {
            parser.skipChildren();
          }
        }
        default -> parser.skipChildren();
      }
    }
    return entry;
  }

  private static void add(Manifest to, String name, String version, JsonLocation place) {
    to.add(Ecosystem.NPM, name, version, place.getLineNr(), place.getColumnNr());
  }
}
