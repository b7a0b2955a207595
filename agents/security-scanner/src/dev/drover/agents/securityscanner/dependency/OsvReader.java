package dev.drover.agents.securityscanner.dependency;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Reads OSV records from a stream. Exports hold hundreds of thousands of them, so what is about
 * other packages is passed over without being kept.
 */
final class OsvReader {
  private final JsonFactory factory = new JsonFactory();
  private final BiPredicate<Ecosystem, String> wanted;

  /** Keeps what is said about packages that the predicate knows by their canonical names. */
  OsvReader(BiPredicate<Ecosystem, String> wanted) {
    this.wanted = wanted;
  }

  /** Empty if it is withdrawn, concerns no wanted package, or is no record. */
  Optional<OsvRecord> read(byte[] json) throws IOException {
    try (JsonParser parser = factory.createParser(json)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? record(parser) : Optional.empty();
    }
  }

  private Optional<OsvRecord> record(JsonParser parser) throws IOException {
    String id = "";
    String summary = "";
    String word = "";
    String vector = "";
    boolean withdrawn = false;
    List<String> aliases = List.of();
    List<OsvRecord.Affected> affected = List.of();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (field) {
        case "id" -> id = text(parser);
        case "summary" -> summary = text(parser);
        case "withdrawn" -> withdrawn = value == JsonToken.VALUE_STRING;
        case "aliases" -> aliases = texts(parser);
        case "severity" -> vector = vector(parser);
        case "affected" -> affected = affected(parser);
        case "database_specific" -> word = word(parser);
        default -> parser.skipChildren();
      }
    }
    return withdrawn || id.isEmpty() || affected.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new OsvRecord(id, aliases, summary, new OsvRecord.Ratings(vector, word), affected));
  }

  private List<OsvRecord.Affected> affected(JsonParser parser) throws IOException {
    List<OsvRecord.Affected> all = new ArrayList<>();
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return all;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        one(parser).ifPresent(all::add);
      } else {
        parser.skipChildren();
      }
    }
    return all;
  }

  private Optional<OsvRecord.Affected> one(JsonParser parser) throws IOException {
    AffectedDraft draft = new AffectedDraft();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      draft.field(field, parser);
    }
    return draft.build();
  }

  /** Takes the fields as they come; mostly the package is first, and the rest need not be kept. */
  private final class AffectedDraft {
    private Optional<Ecosystem> ecosystem = Optional.empty();
    private String name = "";
    private String vector = "";
    private String word = "";
    private List<OsvRecord.Range> ranges = List.of();
    private List<String> versions = List.of();
    private boolean known;
    private boolean unwanted;

    void field(String field, JsonParser parser) throws IOException {
      if (field.equals("package")) {
        String[] pack = pack(parser);
        ecosystem = Ecosystem.of(pack[0]);
        name = pack[1];
        known = ecosystem.isPresent() && isWanted(ecosystem.get(), name);
        unwanted = !known;
      } else if (unwanted) {
        parser.skipChildren();
      } else {
        detail(field, parser);
      }
    }

    private void detail(String field, JsonParser parser) throws IOException {
      switch (field) {
        case "ranges" -> ranges = OsvReader.ranges(parser);
        case "versions" -> versions = texts(parser);
        case "severity" -> vector = OsvReader.vector(parser);
        case "database_specific", "ecosystem_specific" -> {
          String found = OsvReader.word(parser);
          word = found.isEmpty() ? word : found;
        }
        default -> parser.skipChildren();
      }
    }

    Optional<OsvRecord.Affected> build() {
      OsvRecord.Ratings ratings = new OsvRecord.Ratings(vector, word);
      return known && ecosystem.isPresent()
          ? Optional.of(new OsvRecord.Affected(ecosystem.get(), name, ranges, versions, ratings))
          : Optional.empty();
    }
  }

  private boolean isWanted(Ecosystem ecosystem, String name) {
    return wanted.test(ecosystem, ecosystem.canonical(name));
  }

  private static String[] pack(JsonParser parser) throws IOException {
    String[] pack = {"", ""};
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return pack;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "ecosystem" -> pack[0] = text(parser);
        case "name" -> pack[1] = text(parser);
        default -> parser.skipChildren();
      }
    }
    return pack;
  }

  private static List<OsvRecord.Range> ranges(JsonParser parser) throws IOException {
    List<OsvRecord.Range> ranges = new ArrayList<>();
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return ranges;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String type = "";
      List<OsvRecord.Event> events = new ArrayList<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "type" -> type = text(parser);
          case "events" -> events(parser, events);
          default -> parser.skipChildren();
        }
      }
      // Commits are no versions.
      if (!type.equals("GIT")) {
        ranges.add(new OsvRecord.Range(List.copyOf(events)));
      }
    }
    return ranges;
  }

  private static void events(JsonParser parser, List<OsvRecord.Event> into) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        String version = text(parser);
        switch (field) {
          case "introduced" -> into.add(event(OsvRecord.Event.Kind.INTRODUCED, version));
          case "fixed" -> into.add(event(OsvRecord.Event.Kind.FIXED, version));
          case "last_affected" -> into.add(event(OsvRecord.Event.Kind.LAST_AFFECTED, version));
          case "limit" -> into.add(event(OsvRecord.Event.Kind.LIMIT, version));
          default -> {
            // Of a later version of the format.
          }
        }
      }
    }
  }

  private static OsvRecord.Event event(OsvRecord.Event.Kind kind, String version) {
    return new OsvRecord.Event(kind, version);
  }

  /** Of several vectors the one of CVSS 3, which can be computed. */
  private static String vector(JsonParser parser) throws IOException {
    String vector = "";
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return vector;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String type = "";
      String score = "";
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "type" -> type = text(parser);
          case "score" -> score = text(parser);
          default -> parser.skipChildren();
        }
      }
      vector = type.equals("CVSS_V3") ? score : vector;
    }
    return vector;
  }

  private static String word(JsonParser parser) throws IOException {
    String word = "";
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return word;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean severity = parser.currentName().equals("severity");
      if (parser.nextToken() == JsonToken.VALUE_STRING && severity) {
        word = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
    return word;
  }

  private static List<String> texts(JsonParser parser) throws IOException {
    List<String> texts = new ArrayList<>();
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return texts;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text(parser));
    }
    return texts;
  }

  private static String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return "";
  }
}
