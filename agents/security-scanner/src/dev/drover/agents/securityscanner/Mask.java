package dev.drover.agents.securityscanner;

/** Makes a secret fit to be shown: enough to recognise which one it is, too little to use it. */
final class Mask {
  static final int PREFIX = 4;
  private static final int TOO_SHORT_FOR_A_PREFIX = 16;

  private Mask() {}

  /** Four characters of a long secret, none of a short one: a password's start is half a guess. */
  static String of(String secret) {
    if (secret.length() < TOO_SHORT_FOR_A_PREFIX) {
      return "***";
    }
    String prefix = secret.substring(0, PREFIX);
    return printable(prefix) ? prefix + "***" : "***";
  }

  /** A text from the scanned tree as one line for the log or report, at most {@code most} long. */
  static String line(String text, int most) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), most));
    for (int i = 0; i < text.length() && out.length() < most; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) ? '?' : c);
    }
    return out.toString();
  }

  private static boolean printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }
}
