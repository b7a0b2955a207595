package dev.drover.agents.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines that a warm process gets, one for each attempt. */
final class WarmLine {
  /** In the environment of a process that is kept warm. */
  static final String VARIABLE = "DROVER_WARM";

  private static final Map<String, String> VARIABLES =
      Map.of(
          "run", "DROVER_RUN",
          "node", "DROVER_NODE",
          "number", "DROVER_ATTEMPT",
          "idempotencyKey", "DROVER_IDEMPOTENCY_KEY",
          "traceparent", "TRACEPARENT");

  private final InputStream input;
  private final int most;

  /** Reads lines of at most so many bytes. */
  WarmLine(InputStream input, int most) {
    this.input = new BufferedInputStream(input);
    this.most = most;
  }

  /** What a line asks for, under the names that a cold process finds in its environment. */
  record Order(JsonNode input, Map<String, String> environment) {}

  static Order order(JsonNode line, Map<String, String> process) throws BadInput {
    if (!line.path("input").isObject() || !line.path("attempt").isObject()) {
      throw new BadInput("a line must be {\"attempt\":{…},\"input\":{…}}");
    }
    Map<String, String> environment = new HashMap<>(process);
    VARIABLES.forEach(
        (member, variable) -> {
          JsonNode value = line.path("attempt").path(member);
          if (value.isValueNode() && !value.isNull()) {
            environment.put(variable, value.asText());
          } else {
            environment.remove(variable);
          }
        });
    return new Order(line.path("input"), environment);
  }

  /** The next line without its end; null when there is none. */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = input.read(); next >= 0; next = input.read()) {
      if (next == '\n') {
        return line.toByteArray();
      }
      line.write(next);
      if (line.size() > most) {
        throw new IOException("a line is longer than " + most + " bytes");
      }
    }
    return line.size() > 0 ? line.toByteArray() : null;
  }
}
