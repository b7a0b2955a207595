package dev.drover.agent;

import dev.drover.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a warm process is told of an attempt. */
final class WarmRequest {
  /** What an answer's line may have beside its output. */
  static final int ENVELOPE = 1 << 10;

  private WarmRequest() {}

  /** The request's line with its end. JSON as it is printed here has no line end within. */
  static byte[] line(AttemptRequest request) {
    AttemptIdentity identity = request.identity();
    Map<String, Object> attempt = new LinkedHashMap<>();
    attempt.put("run", identity.run());
    attempt.put("node", identity.node());
    attempt.put("number", identity.attempt());
    attempt.put("idempotencyKey", identity.idempotencyKey());
    identity.traceparent().ifPresent(parent -> attempt.put("traceparent", parent));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("attempt", attempt);
    all.put("input", request.input());
    return (Json.print(all) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
