package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** The JSON that generic webhooks get: the message as it is, and where it comes from. */
final class WebhookBody {

  private WebhookBody() {}

  static ObjectNode of(Message message, Attempt attempt, Optional<String> threadKey) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("title", message.title());
    body.put("text", message.text());
    body.put("severity", message.severity().word());
    ObjectNode fields = body.putObject("fields");
    message.fields().forEach(fields::set);
    attempt.run().ifPresent(run -> body.put("run", run));
    attempt.node().ifPresent(node -> body.put("node", node));
    threadKey.ifPresent(key -> body.put("threadKey", key));
    return body;
  }
}
