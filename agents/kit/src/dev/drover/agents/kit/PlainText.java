package dev.drover.agents.kit;

/**
 * Makes foreign text harmless where it is shown: on one line, without control characters, not
 * endless.
 */
public final class PlainText {

  private PlainText() {}

  /** Each run of control characters and line ends becomes one space. */
  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    boolean space = false;
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      if (breaksLines(character)) {
        space = true;
      } else {
        if (space && !line.isEmpty()) {
          line.append(' ');
        }
        space = false;
        line.append(character);
      }
    }
    return line.toString();
  }

  /**
   * At most so many characters, with a mark where something was left out; never half of a surrogate
   * pair.
   */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  /**
   * True for what could start a new line or steer a terminal: in a log it forges an entry, in a
   * header it adds one.
   */
  public static boolean breaksLines(char character) {
    return Character.isISOControl(character) || character == '\u2028' || character == '\u2029';
  }
}
