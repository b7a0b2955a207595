package dev.drover.agents.notifier;

/** The mail's part for people who read HTML. Everything in it is data and escaped. */
final class MailHtml {
  private static final String FONT = "font-family:Arial,Helvetica,sans-serif;";

  private MailHtml() {}

  static String of(Message message, Attempt attempt) {
    StringBuilder html = new StringBuilder();
    html.append("<!DOCTYPE html>\n<html><body style=\"margin:0;padding:16px;").append(FONT);
    html.append("font-size:14px;color:#222\">\n<div style=\"border-left:4px solid ");
    html.append(message.severity().colour()).append(";padding-left:12px\">\n");
    html.append("<p style=\"margin:0;font-size:12px;color:#555\">");
    html.append(escaped(message.severity().word())).append("</p>\n");
    html.append("<h1 style=\"margin:4px 0 12px;font-size:18px\">");
    html.append(escaped(message.title())).append("</h1>\n");
    if (!message.text().isEmpty()) {
      html.append("<p style=\"white-space:pre-wrap\">");
      html.append(escaped(message.text()).replace("\n", "<br>\n")).append("</p>\n");
    }
    if (!message.fields().isEmpty()) {
      html.append("<table style=\"border-collapse:collapse\">\n");
      message
          .fields()
          .forEach((name, value) -> html.append(row(name, value.asText())).append('\n'));
      html.append("</table>\n");
    }
    html.append("</div>\n");
    if (!attempt.origin().isEmpty()) {
      html.append("<p style=\"font-size:12px;color:#555\">");
      html.append(escaped(attempt.origin())).append("</p>\n");
    }
    return html.append("</body></html>\n").toString();
  }

  private static String row(String name, String value) {
    String cell = "style=\"padding:2px 12px 2px 0;text-align:left;vertical-align:top\"";
    return ("<tr><th " + cell + ">" + escaped(name) + "</th>")
        + ("<td " + cell + ">" + escaped(value) + "</td></tr>");
  }

  private static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      switch (character) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        case '\n', '\t' -> safe.append(character);
        default -> safe.append(Character.isISOControl(character) ? ' ' : character);
      }
    }
    return safe.toString();
  }
}
