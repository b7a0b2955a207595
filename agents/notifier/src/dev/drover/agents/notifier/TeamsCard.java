package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.PlainText;

/**
 * The message as an Adaptive Card, as Teams' incoming webhooks and workflows take it. Data stands
 * in text runs, the one element whose text is no Markdown: it can neither format nor link. The
 * bounds keep the whole below the 28 KB that Teams takes.
 */
final class TeamsCard {
  private static final int MOST_TITLE = 200;
  private static final int MOST_TEXT = 3_000;
  private static final int MOST_FIELDS = 20;
  private static final int MOST_NAME = 50;
  private static final int MOST_VALUE = 150;

  private TeamsCard() {}

  static ObjectNode of(Message message, Attempt attempt) {
    ObjectNode post = JsonNodeFactory.instance.objectNode();
    post.put("type", "message");
    post.putArray("attachments")
        .addObject()
        .put("contentType", "application/vnd.microsoft.card.adaptive")
        .set("content", card(message, attempt));
    return post;
  }

  private static ObjectNode card(Message message, Attempt attempt) {
    String headline = message.severity().label() + " " + PlainText.oneLine(message.title());
    String title = PlainText.cut(headline, MOST_TITLE);
    ObjectNode card = JsonNodeFactory.instance.objectNode();
    card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    card.put("type", "AdaptiveCard");
    card.put("version", "1.4");
    card.put("fallbackText", title);
    card.putObject("msteams").put("width", "Full");
    ArrayNode body = card.putArray("body");
    run(line(body), title)
        .put("size", "Large")
        .put("weight", "Bolder")
        .put("color", colour(message.severity()));
    if (!message.text().isBlank()) {
      run(line(body), PlainText.cut(message.text(), MOST_TEXT));
    }
    message.fields().entrySet().stream()
        .limit(MOST_FIELDS)
        .forEach(field -> field(field.getKey(), field.getValue().asText(), line(body)));
    if (!attempt.origin().isEmpty()) {
      run(line(body), PlainText.cut(attempt.origin(), MOST_TITLE))
          .put("size", "Small")
          .put("isSubtle", true);
    }
    return card;
  }

  private static void field(String name, String value, ArrayNode line) {
    run(line, PlainText.cut(PlainText.oneLine(name), MOST_NAME) + ": ").put("weight", "Bolder");
    run(line, PlainText.cut(value, MOST_VALUE));
  }

  private static ArrayNode line(ArrayNode body) {
    return body.addObject().put("type", "RichTextBlock").putArray("inlines");
  }

  private static ObjectNode run(ArrayNode line, String text) {
    return line.addObject().put("type", "TextRun").put("text", text);
  }

  private static String colour(Severity severity) {
    return switch (severity) {
      case CRITICAL -> "Attention";
      case WARNING -> "Warning";
      case RESOLVED -> "Good";
      case INFO -> "Accent";
    };
  }
}
