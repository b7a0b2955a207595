package dev.drover.agents.notifier;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who asks: the run and node on whose behalf the message is sent, as the engine gives them in the
 * environment. All of it is optional, so that the agent can be tried by hand.
 */
record Attempt(
    Optional<String> run,
    Optional<String> node,
    Optional<String> idempotencyKey,
    Optional<String> traceparent) {

  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  static Attempt from(Map<String, String> environment) {
    return new Attempt(
        given(environment, "DROVER_RUN"),
        given(environment, "DROVER_NODE"),
        given(environment, "DROVER_IDEMPOTENCY_KEY").map(Attempt::asHeaderValue),
        given(environment, "TRACEPARENT").filter(value -> TRACEPARENT.matcher(value).matches()));
  }

  /** One line for people: where the message comes from; empty when nobody said. */
  String origin() {
    return run.map(id -> "run " + id + node.map(name -> " · node " + name).orElse("")).orElse("");
  }

  private static Optional<String> given(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /**
   * The key goes into HTTP and mail headers, and a forEach item in it may hold anything:
   * percent-encoded beyond plain ASCII.
   */
  private static String asHeaderValue(String key) {
    StringBuilder value = new StringBuilder(key.length());
    for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
      if (octet > ' ' && octet < 0x7f && octet != '%') {
        value.append((char) octet);
      } else {
        value.append(String.format("%%%02X", octet));
      }
    }
    return value.toString();
  }
}
