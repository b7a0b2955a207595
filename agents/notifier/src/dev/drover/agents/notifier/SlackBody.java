package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.PlainText;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The JSON of Slack's incoming webhooks, with an attachment rather than blocks because Mattermost
 * and Rocket.Chat show attachments too. Title, text and fields are data: they can neither format,
 * nor link, nor call the whole channel.
 */
final class SlackBody {

  static final int MOST_TEXT = 4_000;
  static final int MOST_FIELDS = 20;

  private static final int MOST_TITLE = 300;
  private static final int MOST_VALUE = 500;
  private static final int SHORT_VALUE = 40;

  /**
   * Slack calls people by {@code <!here>} only, which escaping takes care of; Mattermost by the
   * bare word.
   */
  private static final Pattern CALLS_EVERYBODY =
      Pattern.compile("@(?=(?:channel|all|here|everyone)\\b)", Pattern.CASE_INSENSITIVE);

  private SlackBody() {}

  static ObjectNode of(Message message, Attempt attempt) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    String headline = message.severity().label() + " " + data(message.title(), MOST_TITLE);
    body.put("text", headline);
    body.put("mrkdwn", false);
    ObjectNode attachment = body.putArray("attachments").addObject();
    attachment.put("fallback", headline);
    attachment.put("color", message.severity().colour());
    attachment.put("text", data(message.text(), MOST_TEXT));
    attachment.putArray("mrkdwn_in");
    ArrayNode fields = attachment.putArray("fields");
    message.fields().entrySet().stream()
        .limit(MOST_FIELDS)
        .forEach(field -> fields.add(field(field)));
    String origin = data(attempt.origin(), MOST_TITLE);
    if (!origin.isEmpty()) {
      attachment.put("footer", origin);
    }
    return body;
  }

  private static ObjectNode field(Map.Entry<String, JsonNode> given) {
    String value = given.getValue().asText();
    ObjectNode field = JsonNodeFactory.instance.objectNode();
    field.put("title", data(given.getKey(), MOST_TITLE));
    field.put("value", data(value, MOST_VALUE));
    field.put("short", value.length() <= SHORT_VALUE);
    return field;
  }

  /** Cut first: cutting an escaped text could leave half an entity. */
  static String data(String text, int most) {
    String escaped =
        PlainText.cut(text, most).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return CALLS_EVERYBODY.matcher(escaped).replaceAll("@\u200b");
  }
}
