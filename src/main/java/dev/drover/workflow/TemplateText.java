package dev.drover.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A string of a document cut into its parts: text as it is, and expressions in double braces behind
 * a dollar sign.
 *
 * @param unclosed where an expression begins that is never closed
 */
record TemplateText(List<Part> parts, OptionalInt unclosed) {
  private static final String OPEN = "${{";
  private static final String CLOSE = "}}";

  TemplateText {
    parts = List.copyOf(parts);
  }

  /** A part, and the index at which it begins; that of an expression is its first character's. */
  record Part(boolean isExpression, String text, int start) {}

  static boolean hasExpression(String text) {
    return text.contains(OPEN);
  }

  static TemplateText of(String text) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, at)) {
      int start = open + OPEN.length();
      int close = close(text, start);
      if (close < 0) {
        return new TemplateText(parts, OptionalInt.of(open));
      }
      if (open > at) {
        parts.add(new Part(false, text.substring(at, open), at));
      }
      String inner = text.substring(start, close);
      parts.add(new Part(true, inner.strip(), start + inner.indexOf(inner.strip())));
      at = close + CLOSE.length();
    }
    if (at < text.length()) {
      parts.add(new Part(false, text.substring(at), at));
    }
    return new TemplateText(parts, OptionalInt.empty());
  }

  /** Where the expression that begins at {@code start} is closed; -1 if it never is. */
  private static int close(String text, int start) {
    int braces = 0;
    for (int at = start; at < text.length(); at = CelText.endOfToken(text, at)) {
      char c = text.charAt(at);
      if (c == '{') {
        braces++;
      } else if (c == '}' && braces > 0) {
        braces--;
      } else if (text.startsWith(CLOSE, at)) {
        return at;
      }
    }
    return -1;
  }
}
