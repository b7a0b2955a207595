package dev.drover.agents.securityscanner;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to scan, as read from stdin, and whether the report is wanted as SARIF, too. */
record Request(
    String target,
    Files files,
    Severity minSeverity,
    Limits limits,
    Advisories advisories,
    boolean sarif) {

  /** Which files; {@code skipDirectories} are names of folders left out. */
  record Files(List<String> include, List<String> exclude, List<String> skipDirectories) {}

  /**
   * Where dependencies are looked up, and which known faults are accepted.
   *
   * @param export the path of an export of OSV's records; empty if there is none
   */
  record Advisories(String export, boolean api, List<String> ignore) {
    boolean wanted() {
      return api || !export.isEmpty();
    }
  }

  /** {@code maxFileSize} is in bytes; {@code maxFindings} bounds the list, never the counts. */
  record Limits(int maxFileSize, int maxFindings) {
    static final Limits DEFAULT = new Limits(10 << 20, 500);
    static final int GREATEST_FILE_SIZE = 32 << 20;
    static final int MOST_FINDINGS = 5000;
  }

  static final List<String> DEFAULT_SKIPS =
      List.of("node_modules", "target", "vendor", ".venv", "__pycache__", ".gradle");
  private static final int MOST_PATTERNS = 200;
  private static final int LONGEST_PATTERN = 1000;

  static Request read(InputStream in) {
    try (JsonParser parser = new JsonFactory().createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw wrong("stdin must hold one JSON object with the field target");
      }
      Builder builder = new Builder(parser);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        builder.field(parser.currentName());
      }
      if (parser.nextToken() != null) {
        throw wrong("there is more than one JSON document on stdin");
      }
      return builder.build();
    } catch (JsonProcessingException e) {
      throw wrong("stdin is not valid JSON (line " + e.getLocation().getLineNr() + ")");
    } catch (IOException e) {
      throw wrong("stdin can't be read: " + e.getMessage());
    }
  }

  private static ScanException wrong(String message) {
    return new ScanException(ScanException.BAD_INPUT, "bad input: " + message);
  }

  /** Takes the fields as they come. */
  private static final class Builder {
    private final JsonParser parser;
    private @Nullable String target;
    private List<String> include = List.of();
    private List<String> exclude = List.of();
    private List<String> skipDirectories = DEFAULT_SKIPS;
    private Severity minSeverity = Severity.LOW;
    private String osv = "";
    private boolean osvApi;
    private List<String> ignore = List.of();
    private boolean sarif;
    private int maxFileSize = Limits.DEFAULT.maxFileSize();
    private int maxFindings = Limits.DEFAULT.maxFindings();

    Builder(JsonParser parser) {
      this.parser = parser;
    }

    void field(String name) throws IOException {
      parser.nextToken();
      switch (name) {
        case "target" -> target = text(name);
        case "include" -> include = texts(name);
        case "exclude" -> exclude = texts(name);
        case "skipDirectories" -> skipDirectories = texts(name);
        case "minSeverity" ->
            minSeverity =
                Severity.of(text(name))
                    .orElseThrow(() -> wrong("minSeverity is critical, high, medium or low"));
        case "maxFileSize" -> maxFileSize = number(name, 1, Limits.GREATEST_FILE_SIZE);
        case "maxFindings" -> maxFindings = number(name, 0, Limits.MOST_FINDINGS);
        case "osv" -> osv = text(name);
        case "osvApi" -> osvApi = flag(name);
        case "ignoreVulnerabilities" -> ignore = texts(name);
        case "sarif" -> sarif = flag(name);
        default -> throw wrong("unknown field " + Mask.line(name, 80));
      }
    }

    Request build() {
      if (target == null || target.isBlank()) {
        throw wrong("target is missing: name the folder or file to scan");
      }
      Limits limits = new Limits(maxFileSize, maxFindings);
      if (osvApi && !osv.isEmpty()) {
        throw wrong("osv and osvApi exclude each other: give the one to use");
      }
      Files files = new Files(include, exclude, skipDirectories);
      Advisories advisories = new Advisories(osv, osvApi, ignore);
      return new Request(target, files, minSeverity, limits, advisories, sarif);
    }

    private boolean flag(String name) {
      if (!parser.currentToken().isBoolean()) {
        throw wrong(name + " must be true or false");
      }
      return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    private String text(String name) throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw wrong(name + " must be a string");
      }
      return parser.getText();
    }

    private List<String> texts(String name) throws IOException {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw wrong(name + " must be a list of strings");
      }
      List<String> texts = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        String text = text(name);
        if (texts.size() == MOST_PATTERNS || text.length() > LONGEST_PATTERN) {
          throw wrong(name + " has too many or too long entries");
        }
        texts.add(text);
      }
      return List.copyOf(texts);
    }

    private int number(String name, int least, int most) throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
          || parser.getNumberType() != JsonParser.NumberType.INT
          || parser.getIntValue() < least
          || parser.getIntValue() > most) {
        throw wrong(name + " must be a whole number from " + least + " to " + most);
      }
      return parser.getIntValue();
    }
  }
}
