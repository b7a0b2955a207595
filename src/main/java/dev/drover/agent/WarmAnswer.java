package dev.drover.agent;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a warm process has answered to a request. */
sealed interface WarmAnswer {
  /** The output, whatever it is worth. */
  record Output(@Nullable Object value) implements WarmAnswer {}

  /** What would be an exit code, had the process ended. */
  record Exit(int code, String message) implements WarmAnswer {}

  /** A line that cannot be read. */
  final class NotJson implements WarmAnswer {
    private final byte[] bytes;
    private final InvalidJson fault;

    NotJson(byte[] bytes, InvalidJson fault) {
      this.bytes = bytes;
      this.fault = fault;
    }

    byte[] bytes() {
      return bytes;
    }

    InvalidJson fault() {
      return fault;
    }
  }

  /** JSON, but no answer. */
  record Wrong(String fault) implements WarmAnswer {}

  /** None, and none will come. */
  record None() implements WarmAnswer {}

  /** Reads an answer's line. */
  static WarmAnswer read(byte[] line) {
    Object value;
    try {
      value = Json.parse(line);
    } catch (InvalidJson e) {
      return new NotJson(line, e);
    }
    if (!(value instanceof Map<?, ?> map)) {
      return new Wrong("the answer is " + Json.typeOf(value) + ", not an object");
    } else if (map.containsKey("output") == map.containsKey("exit")) {
      return new Wrong("the answer must have either \"output\" or \"exit\"");
    } else if (map.containsKey("output")) {
      return new Output(map.get("output"));
    }
    if (map.get("exit") instanceof Long code && code >= 1 && code <= 255) {
      return new Exit(code.intValue(), map.get("message") instanceof String text ? text : "");
    }
    return new Wrong("the answer's \"exit\" must be a number from 1 to 255");
  }
}
