package dev.drover.agent.dagger;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of a query. */
sealed interface Reply {
  /** The data of an answer without errors. */
  record Data(Map<String, Object> data) implements Reply {}

  /** A program ended with a code that Dagger takes for an error; its output may be cut. */
  record ExecFailed(int exitCode, String stdout, String stderr) implements Reply {}

  /** The engine says no. */
  record Refused(String message) implements Reply {}

  /** No answer: the engine, or the way to it, is gone. */
  record Lost(String message) implements Reply {}

  /** The answer was longer than it may be, and was not read. */
  record TooLarge() implements Reply {}

  /** Reads an answer of HTTP. */
  static Reply of(int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    if (status == 401) {
      return new Lost("the session does not take its token (HTTP 401)");
    } else if (status >= 502 && status <= 504) {
      return new Lost("the engine's connection is lost (HTTP " + status + "): " + brief(text));
    }
    try {
      return read(status, Json.asObject(Json.parse(body)));
    } catch (InvalidJson | IllegalArgumentException e) {
      return status == 200
          ? new Lost("the session's answer is not JSON: " + brief(text))
          : new Refused("HTTP " + status + ": " + brief(text));
    }
  }

  private static Reply read(int status, Map<String, Object> answer) {
    if (answer.get("errors") instanceof List<?> errors && !errors.isEmpty()) {
      return error(errors.get(0));
    }
    return status == 200 && answer.get("data") instanceof Map
        ? new Data(Json.asObject(answer.get("data")))
        : new Refused("HTTP " + status + ": neither data nor errors");
  }

  private static Reply error(@Nullable Object error) {
    Map<?, ?> first = error instanceof Map<?, ?> map ? map : Map.of();
    if (first.get("extensions") instanceof Map<?, ?> extensions
        && "EXEC_ERROR".equals(extensions.get("_type"))
        && extensions.get("exitCode") instanceof Number code
        && code.intValue() >= 0) {
      return new ExecFailed(
          code.intValue(), text(extensions.get("stdout")), text(extensions.get("stderr")));
    }
    // Newer engines append where in their trace it happened.
    return new Refused(brief(text(first.get("message")).replaceAll(" \\[traceparent:[^]]*]", "")));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : String.valueOf(value);
  }

  private static String brief(String text) {
    return text.length() <= 2_000 ? text : text.substring(0, 2_000) + "…";
  }
}
