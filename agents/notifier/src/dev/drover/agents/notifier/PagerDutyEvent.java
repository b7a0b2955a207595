package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.PlainText;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * An event for PagerDuty's Events API v2. Events with one {@code dedup_key} are one alert there, so
 * a second attempt changes nothing and a resolution finds what it resolves.
 */
final class PagerDutyEvent {
  static final int MOST_KEY = 255;

  private static final int MOST_SUMMARY = 1_024;
  private static final int MOST_TEXT = 20_000;
  private static final int MOST_FIELDS = 100;

  private PagerDutyEvent() {}

  static Post post(Target.PagerDuty target, Message message, Attempt attempt) {
    String key = key(target, attempt);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("routing_key", target.routingKey().value());
    body.put("event_action", target.action().word());
    body.put("dedup_key", key);
    body.put("client", "Drover");
    if (target.action() == Target.Action.TRIGGER) {
      body.set("payload", payload(target, message, attempt));
    }
    return Post.of(target.url(), body)
        .with((status, answer) -> new Outcome.Delivered(OptionalInt.of(status), Optional.of(key)));
  }

  /** Without either key each event is an alert of its own, and nobody can resolve it but people. */
  private static String key(Target.PagerDuty target, Attempt attempt) {
    String key =
        target
            .threadKey()
            .or(attempt::idempotencyKey)
            .orElseGet(() -> UUID.randomUUID().toString());
    return key.length() > MOST_KEY ? Digest.of(key) : key;
  }

  private static ObjectNode payload(Target.PagerDuty target, Message message, Attempt attempt) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("summary", PlainText.cut(PlainText.oneLine(message.title()), MOST_SUMMARY));
    payload.put("source", PlainText.cut(PlainText.oneLine(target.source()), MOST_KEY));
    payload.put("severity", severity(message.severity()));
    ObjectNode details = payload.putObject("custom_details");
    message.fields().entrySet().stream()
        .limit(MOST_FIELDS)
        .forEach(field -> details.set(field.getKey(), field.getValue()));
    if (!message.text().isEmpty()) {
      details.put("text", PlainText.cut(message.text(), MOST_TEXT));
    }
    attempt.run().ifPresent(run -> details.put("run", run));
    attempt.node().ifPresent(node -> details.put("node", node));
    return payload;
  }

  private static String severity(Severity severity) {
    return switch (severity) {
      case CRITICAL -> "critical";
      case WARNING -> "warning";
      case INFO, RESOLVED -> "info";
    };
  }
}
