package dev.drover.telemetry;

/**
 * Text of strangers, fit for a log: whatever it holds, it cannot begin a line of its own, steer a
 * terminal, or fill a disk. What is taken out is shown as JSON would escape it.
 */
final class LogText {
  private static final int HEX = 16;

  private LogText() {}

  /** On one line. */
  static String line(String text) {
    return escape(text, "");
  }

  /** Line breaks and tabs stay. */
  static String block(String text) {
    return escape(text, "\n\t");
  }

  /** Not longer than so many characters, with a word about what is missing. */
  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    String note = "... (" + text.length() + " characters)";
    int end = Math.max(0, most - note.length());
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + (note.length() > most ? "" : note);
  }

  private static String escape(String text, String kept) {
    int first = 0;
    while (first < text.length() && isFit(text, first, kept)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder fit = new StringBuilder(text.length() + HEX).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      if (isFit(text, i, kept)) {
        fit.append(text.charAt(i));
      } else {
        append(fit, text.charAt(i));
      }
    }
    return fit.toString();
  }

  private static boolean isFit(String text, int at, String kept) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    } else if (Character.isLowSurrogate(c)) {
      return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL -> kept.indexOf(c) >= 0;
      // Line breaks to some, and what turns the direction of text round.
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.FORMAT -> false;
      default -> true;
    };
  }

  private static void append(StringBuilder fit, char c) {
    switch (c) {
      case '\n' -> fit.append("\\n");
      case '\r' -> fit.append("\\r");
      case '\t' -> fit.append("\\t");
      default -> fit.append("\\u").append("%04x".formatted((int) c));
    }
  }
}
