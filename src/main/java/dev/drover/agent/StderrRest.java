package dev.drover.agent;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What of a program's stderr has not been seen yet, when it was watched live and is told again at
 * the end: no line is lost, none comes twice.
 */
final class StderrRest {
  private StderrRest() {}

  /**
   * The bytes that are missing.
   *
   * @param seen what came live
   * @param told what is told at the end
   * @param whole whether that is everything; else it is the last part, without the white space
   *     around it
   */
  static byte[] of(byte[] seen, byte[] told, boolean whole) {
    if (!whole) {
      return afterOverlap(seen, told);
    }
    int same = Arrays.mismatch(seen, told);
    if (same < 0 || same == seen.length) {
      return Arrays.copyOfRange(told, Math.min(seen.length, told.length), told.length);
    }
    return missingLines(seen, told);
  }

  /** What is told begins within what was seen, or was never seen. */
  private static byte[] afterOverlap(byte[] seen, byte[] told) {
    int end = seen.length;
    while (end > 0 && Character.isWhitespace(seen[end - 1])) {
      end--;
    }
    for (int from = Math.max(0, end - told.length); from < end; from++) {
      if (Arrays.equals(seen, from, end, told, 0, end - from)) {
        byte[] rest = Arrays.copyOfRange(told, end - from, told.length);
        int skip = 0; // the white space that ended what was seen
        while (skip < rest.length && end + skip < seen.length && rest[skip] == seen[end + skip]) {
          skip++;
        }
        return Arrays.copyOfRange(rest, skip, rest.length);
      }
    }
    // An overlap would have been found, if what was seen was in the part that is told.
    return new String(seen, StandardCharsets.UTF_8)
            .contains(new String(told, StandardCharsets.UTF_8))
        ? new byte[0]
        : told;
  }

  /** A piece in the middle has not come: the lines that were seen are left out. */
  private static byte[] missingLines(byte[] seen, byte[] told) {
    List<String> had = new String(seen, StandardCharsets.UTF_8).lines().toList();
    StringBuilder missing = new StringBuilder();
    int next = 0;
    for (String line : new String(told, StandardCharsets.UTF_8).lines().toList()) {
      if (next < had.size() && had.get(next).equals(line)) {
        next++;
      } else {
        missing.append(line).append('\n');
      }
    }
    return missing.toString().getBytes(StandardCharsets.UTF_8);
  }
}
