package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.PlainText;
import java.util.List;
import java.util.Map;

/**
 * The message as Block Kit's blocks, for Slack itself. All of it is {@code plain_text}: title, text
 * and fields are data and can neither format, nor link, nor call anybody.
 */
final class SlackBlocks {
  private static final int MOST_HEADER = 150;
  private static final int MOST_SECTION = 3_000;
  private static final int MOST_NAME = 100;
  private static final int MOST_VALUE = 500;
  private static final int FIELDS_A_SECTION = 10;
  private static final int MOST_FIELDS = 40;

  private SlackBlocks() {}

  static ObjectNode of(Message message, Attempt attempt) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    String headline = message.severity().label() + " " + PlainText.oneLine(message.title());
    // Shown in notifications, where it is not plain text.
    body.put("text", SlackBody.data(headline, MOST_SECTION));
    body.put("unfurl_links", false);
    body.put("unfurl_media", false);
    ArrayNode blocks = body.putArray("blocks");
    blocks.addObject().put("type", "header").set("text", plain(headline, MOST_HEADER));
    if (!message.text().isBlank()) {
      blocks.addObject().put("type", "section").set("text", plain(message.text(), MOST_SECTION));
    }
    fields(List.copyOf(message.fields().entrySet()), blocks);
    if (!attempt.origin().isEmpty()) {
      blocks
          .addObject()
          .put("type", "context")
          .putArray("elements")
          .add(plain(attempt.origin(), MOST_VALUE));
    }
    return body;
  }

  private static void fields(List<Map.Entry<String, JsonNode>> all, ArrayNode blocks) {
    int most = Math.min(all.size(), MOST_FIELDS);
    for (int from = 0; from < most; from += FIELDS_A_SECTION) {
      ArrayNode fields = blocks.addObject().put("type", "section").putArray("fields");
      all.subList(from, Math.min(from + FIELDS_A_SECTION, most)).stream()
          .map(SlackBlocks::field)
          .forEach(fields::add);
    }
  }

  private static ObjectNode field(Map.Entry<String, JsonNode> field) {
    String name = PlainText.cut(PlainText.oneLine(field.getKey()), MOST_NAME);
    String value = PlainText.cut(field.getValue().asText(), MOST_VALUE);
    return plain(name + "\n" + value, MOST_NAME + MOST_VALUE + 1);
  }

  private static ObjectNode plain(String text, int most) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "plain_text")
        .put("text", PlainText.cut(text, most))
        .put("emoji", false);
  }
}
