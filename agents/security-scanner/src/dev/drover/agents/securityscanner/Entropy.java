package dev.drover.agents.securityscanner;

/** Shannon entropy: how unlike written language a string is. */
final class Entropy {
  private static final double LN_2 = Math.log(2);

  private Entropy() {}

  /** Bits for each character: 0 for one repeated character, at most log2 of the length. */
  static double of(String value) {
    int[] counts = new int[256];
    for (int i = 0; i < value.length(); i++) {
      counts[value.charAt(i) & 0xff]++;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / value.length();
        bits -= share * Math.log(share) / LN_2;
      }
    }
    return bits;
  }
}
