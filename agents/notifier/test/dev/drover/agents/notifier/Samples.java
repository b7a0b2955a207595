package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.drover.agents.kit.Trial;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Messages and attempts for tests. */
final class Samples {

  static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private Samples() {}

  /** Runs in this process. */
  static Trial run(String json, Map<String, String> environment) {
    return Trial.inProcess(new Notifier(Clock.systemUTC()), json, environment);
  }

  /** Runs as the engine does. */
  static Trial process(String json, Map<String, String> environment, String... options)
      throws Exception {
    return Trial.asProcess(Notifier.class, "notifier", json, environment, options);
  }

  static Message aMessage() {
    return aMessage("Disk is filling up", "/var on db-1 will be full in 4 hours");
  }

  static Message aMessage(String title, String text) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    fields.put("host", TextNode.valueOf("db-1"));
    fields.put("hours", IntNode.valueOf(4));
    fields.put("paged", BooleanNode.FALSE);
    return new Message(title, text, Severity.WARNING, fields);
  }

  static Attempt anAttempt() {
    return new Attempt(
        Optional.of("run-7"),
        Optional.of("tell"),
        Optional.of("run-7/tell/0"),
        Optional.of(TRACEPARENT));
  }

  static Attempt nobody() {
    return Attempt.from(Map.of());
  }
}
