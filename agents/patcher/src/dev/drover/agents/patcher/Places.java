package dev.drover.agents.patcher;

import java.util.Comparator;
import java.util.List;

/** Works on texts by offsets, so that everything else stays as it is. */
final class Places {

  /** Characters {@code from} to {@code to} become {@code text}. */
  record Splice(int from, int to, String text) {}

  private Places() {}

  /** From 1. */
  static int line(String text, int offset) {
    int line = 1;
    for (int at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
      line++;
    }
    return line;
  }

  /** The splices don't overlap; their offsets are all those of {@code text}. */
  static String splice(String text, List<Splice> splices) {
    StringBuilder out = new StringBuilder(text.length() + 64);
    int from = 0;
    for (Splice splice :
        splices.stream().distinct().sorted(Comparator.comparingInt(Splice::from)).toList()) {
      out.append(text, from, splice.from()).append(splice.text());
      from = splice.to();
    }
    return out.append(text, from, text.length()).toString();
  }
}
