package dev.drover.agents.notifier;

import dev.drover.agents.kit.PlainText;

/** The message as one line of log: whatever it holds, it can't look like two. */
final class LogLine {

  private static final int MOST = 8_000;

  private LogLine() {}

  static String of(Message message) {
    StringBuilder line = new StringBuilder();
    line.append(message.severity().label()).append(' ').append(message.title());
    if (!message.text().isEmpty()) {
      line.append(": ").append(message.text());
    }
    if (!message.fields().isEmpty()) {
      String separator = " (";
      for (var field : message.fields().entrySet()) {
        line.append(separator).append(field.getKey()).append('=').append(field.getValue().asText());
        separator = ", ";
      }
      line.append(')');
    }
    return PlainText.cut(PlainText.oneLine(line.toString()), MOST);
  }
}
