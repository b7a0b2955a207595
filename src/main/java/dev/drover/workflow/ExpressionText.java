package dev.drover.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What an author wrote, and the same as CEL takes it: an id with hyphens directly after {@code
 * nodes.} is put in back quotes, which CEL would read as a subtraction otherwise. Places in the
 * rewritten text are mapped back, so that a problem points to what the author sees.
 *
 * @param inserts indices in {@code cel} at which a character was put in, ascending
 */
record ExpressionText(String source, String cel, List<Integer> inserts) {
  private static final Set<String> CEL_WORDS = Set.of("in", "true", "false", "null");

  ExpressionText {
    inserts = List.copyOf(inserts);
  }

  static ExpressionText of(String source) {
    StringBuilder cel = new StringBuilder();
    List<Integer> inserts = new ArrayList<>();
    char before = ' ';
    int at = 0;
    while (at < source.length()) {
      int end = CelText.endOfToken(source, at);
      String token = source.substring(at, end);
      cel.append(token);
      if (token.equals("nodes") && before != '.') {
        end = quoteId(source, end, cel, inserts);
      }
      before = token.isBlank() ? before : token.charAt(token.length() - 1);
      at = end;
    }
    return new ExpressionText(source, cel.toString(), inserts);
  }

  /** Copies the selector after {@code nodes}, if there is one; gives where to go on. */
  private static int quoteId(String source, int at, StringBuilder cel, List<Integer> inserts) {
    int dot = CelText.skipSpace(source, at);
    if (dot >= source.length() || source.charAt(dot) != '.') {
      return at;
    }
    int mark = dot + (source.startsWith("?", dot + 1) ? 2 : 1);
    int start = CelText.skipSpace(source, mark);
    int end = endOfId(source, start);
    String id = source.substring(start, end);
    if (id.indexOf('-') < 0 && !CEL_WORDS.contains(id)) {
      return at;
    }
    cel.append(source, at, start);
    inserts.add(cel.length());
    cel.append('`').append(id);
    inserts.add(cel.length());
    cel.append('`');
    return end;
  }

  private static int endOfId(String source, int start) {
    int end = start;
    while (end < source.length()
        && (CelText.isWord(source.charAt(end)) || (end > start && source.charAt(end) == '-'))) {
      end++;
    }
    return end;
  }

  /** The index in the source of what stands at that index of the CEL text. */
  int sourceIndex(int celIndex) {
    int shift = 0;
    for (int insert : inserts) {
      shift += insert < celIndex ? 1 : 0;
    }
    return Math.max(0, Math.min(celIndex - shift, source.length()));
  }

  /** The same for a place that CEL gives: code points from the beginning of the text. */
  int sourceIndexOfCodePoint(int codePoints) {
    int all = cel.codePointCount(0, cel.length());
    return sourceIndex(cel.offsetByCodePoints(0, Math.max(0, Math.min(codePoints, all))));
  }

  /** The same for a line (from 1) and a column (code points, from 0). */
  int sourceIndexOf(int line, int column) {
    int start = 0;
    for (int l = 1; l < line; l++) {
      int newLine = cel.indexOf('\n', start);
      start = newLine < 0 ? start : newLine + 1;
    }
    return sourceIndexOfCodePoint(cel.codePointCount(0, start) + Math.max(0, column));
  }
}
