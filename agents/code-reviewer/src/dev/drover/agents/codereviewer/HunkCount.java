package dev.drover.agents.codereviewer;

import dev.drover.agents.codereviewer.DiffLine.Kind;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/** Where in both files a hunk is, and how many lines it still has. */
final class HunkCount {
  private int oldLine;
  private int newLine;
  private int oldLeft;
  private int newLeft;

  private HunkCount(int oldLine, int oldLeft, int newLine, int newLeft) {
    this.oldLine = oldLine;
    this.newLine = newLine;
    this.oldLeft = oldLeft;
    this.newLeft = newLeft;
  }

  /** Of a header's four numbers, of which the second and the fourth are 1 where they are absent. */
  static HunkCount of(MatchResult header) {
    return new HunkCount(
        number(header.group(1)),
        number(header.group(2)),
        number(header.group(3)),
        number(header.group(4)));
  }

  boolean isOpen() {
    return oldLeft > 0 || newLeft > 0;
  }

  boolean isExceeded() {
    return oldLeft < 0 || newLeft < 0;
  }

  DiffLine take(Kind kind, String text) {
    int line = kind == Kind.REMOVED ? oldLine : newLine;
    if (kind != Kind.ADDED) {
      oldLine++;
      oldLeft--;
    }
    if (kind != Kind.REMOVED) {
      newLine++;
      newLeft--;
    }
    return new DiffLine(kind, line, text);
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 1 : Integer.parseInt(digits);
  }
}
