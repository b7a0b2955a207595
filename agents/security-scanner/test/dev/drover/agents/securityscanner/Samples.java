package dev.drover.agents.securityscanner;

import java.util.Random;

/**
 * Makes strings that look like secrets. They are put together at run time: nothing in these sources
 * looks like one, neither to this scanner nor to those of hosting platforms.
 */
final class Samples {
  static final String HEX = "0123456789abcdef";
  static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  static final String DIGITS = "0123456789";

  private Samples() {}

  /** Always the same for the same arguments. */
  static String random(String alphabet, int length) {
    Random random = new Random(alphabet.length() * 31L + length);
    StringBuilder out = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      out.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return out.toString();
  }

  static String alphanumeric(int length) {
    return random(UPPER + LOWER + DIGITS, length);
  }

  static String hex(int length) {
    return random(HEX, length);
  }

  static String digits(int length) {
    return random(DIGITS, length);
  }

  static String base64(int length) {
    return random(UPPER + LOWER + DIGITS + "+/", length);
  }

  static String uuid() {
    return hex(8) + "-" + hex(4) + "-4" + hex(3) + "-a" + hex(3) + "-" + hex(12);
  }

  static String pem(String kind) {
    return "-----" + "BEGIN " + kind + "PRIVATE" + " KEY-----";
  }
}
