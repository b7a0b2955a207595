package dev.drover.agents.patcher;

import java.util.List;

/**
 * Looks for the place of a hunk as GNU patch does: at its line moved by what the hunk before was
 * moved, then ever farther away on both sides, later first; not before what an earlier hunk has
 * changed. A hunk with less context at one side than at the other was made at the end of a file,
 * and matches there only.
 */
final class HunkSearch {
  /** Looking has an end, also for a patch and a file made to be slow. */
  private static final long MOST_COMPARISONS = 50_000_000;

  private final List<String> file;
  private long comparisons;

  HunkSearch(List<String> file) {
    this.file = file;
  }

  /** What is sought: a run of lines with context at both ends. */
  record Wanted(List<String> lines, int leading, int trailing, int guess, int firstLine) {
    static Wanted before(Hunk hunk, int offset) {
      return new Wanted(
          hunk.before(),
          hunk.leadingContext(),
          hunk.trailingContext(),
          hunk.firstLine() + offset,
          hunk.firstLine());
    }

    static Wanted after(Hunk hunk, int offset) {
      return new Wanted(
          hunk.after(),
          hunk.leadingContext(),
          hunk.trailingContext(),
          hunk.firstLine() + offset,
          hunk.firstLine());
    }

    int context() {
      return Math.max(leading, trailing);
    }
  }

  /** How closely it is compared: context left out at the ends, and whether line ends matter. */
  record Closeness(int fuzz, boolean anyLineEnd) {}

  /** The line at which it begins, from 1, not before the frozen one; 0 if there is none. */
  int find(Wanted wanted, Closeness closeness, int frozen) throws FixProblem {
    int size = wanted.lines().size();
    if (size == 0) {
      // Nothing to compare, so it goes where it says, if there is such a place.
      return wanted.guess() > frozen && wanted.guess() <= file.size() + 1 ? wanted.guess() : 0;
    }
    int skipFirst = closeness.fuzz() + wanted.leading() - wanted.context();
    int skipLast = closeness.fuzz() + wanted.trailing() - wanted.context();
    boolean start = skipFirst < 0 && wanted.firstLine() <= 1;
    if (start) {
      boolean whole = skipLast >= 0 || size == file.size();
      boolean free = frozen <= wanted.leading();
      return whole && free && matches(wanted, 1, 0, Math.max(skipLast, 0), closeness) ? 1 : 0;
    }
    int first = Math.max(skipFirst, 0);
    if (skipLast < 0) {
      int line = file.size() - size + 1;
      return line > frozen && matches(wanted, line, first, 0, closeness) ? line : 0;
    }
    return nearest(wanted, new int[] {first, skipLast}, closeness, frozen);
  }

  private int nearest(Wanted wanted, int[] skip, Closeness closeness, int frozen)
      throws FixProblem {
    int last = file.size() - (wanted.lines().size() - skip[1]) + 1;
    int least = Math.max(frozen + 1, 1);
    int farthest = Math.max(last - wanted.guess(), wanted.guess() - least);
    for (int offset = 0; offset <= farthest; offset++) {
      int later = wanted.guess() + offset;
      if (later >= least && later <= last && matches(wanted, later, skip[0], skip[1], closeness)) {
        return later;
      }
      int earlier = wanted.guess() - offset;
      if (offset > 0
          && earlier >= least
          && earlier <= last
          && matches(wanted, earlier, skip[0], skip[1], closeness)) {
        return earlier;
      }
    }
    return 0;
  }

  private boolean matches(Wanted wanted, int line, int skipFirst, int skipLast, Closeness closeness)
      throws FixProblem {
    for (int i = skipFirst; i < wanted.lines().size() - skipLast; i++) {
      if (++comparisons > MOST_COMPARISONS) {
        throw new FixProblem("the place of a hunk can't be found in reasonable time");
      }
      int at = line - 1 + i;
      if (at < 0 || at >= file.size() || !same(file.get(at), wanted.lines().get(i), closeness)) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(String one, String other, Closeness closeness) {
    return closeness.anyLineEnd()
        ? one.endsWith("\n") == other.endsWith("\n")
            && Lines.withoutEnd(one).equals(Lines.withoutEnd(other))
        : one.equals(other);
  }
}
