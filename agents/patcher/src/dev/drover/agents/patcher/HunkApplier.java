package dev.drover.agents.patcher;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies the hunks of one file to its lines, each as well as it goes. */
final class HunkApplier {

  /** The lines afterwards, each hunk's result, and the text of those that were rejected. */
  record Result(String text, List<HunkResult> hunks, List<Hunk> rejected) {}

  /** A place, and how it was found. */
  private record Place(int line, HunkSearch.Closeness closeness) {}

  private final String path;
  private final int mostFuzz;
  private final List<String> file;
  private final HunkSearch search;
  private final boolean crLf;
  private final List<String> out = new ArrayList<>();
  private final List<HunkResult> results = new ArrayList<>();
  private final List<Hunk> rejected = new ArrayList<>();
  private int frozen;
  private int offset;

  private HunkApplier(String path, String text, int mostFuzz) {
    this.path = path;
    this.mostFuzz = mostFuzz;
    this.file = Lines.of(text);
    this.search = new HunkSearch(file);
    this.crLf = Lines.endWithCrLf(file);
  }

  static Result apply(String path, String text, List<Hunk> hunks, int mostFuzz) throws FixProblem {
    HunkApplier applier = new HunkApplier(path, text, mostFuzz);
    for (Hunk hunk : hunks) {
      applier.apply(hunk);
    }
    applier.copyTo(applier.file.size());
    return new Result(applier.text(), applier.results, applier.rejected);
  }

  /** A line without an end that is not the last any more gets one. */
  private String text() {
    StringBuilder text = new StringBuilder();
    for (String line : out) {
      if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
        text.append(crLf ? "\r\n" : "\n");
      }
      text.append(line);
    }
    return text.toString();
  }

  private void apply(Hunk hunk) throws FixProblem {
    Place place = place(hunk);
    if (place != null) {
      change(hunk, place);
      offset = place.line() - hunk.firstLine();
      add(hunk, HunkResult.Status.APPLIED, place);
      return;
    }
    int already = alreadyAt(hunk);
    if (already > 0) {
      add(hunk, HunkResult.Status.ALREADY, new Place(already, new HunkSearch.Closeness(0, false)));
      return;
    }
    Place fuzzy = fuzzyPlace(hunk);
    if (fuzzy == null) {
      rejected.add(hunk);
      results.add(
          new HunkResult(path, results.size() + 1, HunkResult.Status.REJECTED, 0, 0, 0, false));
      return;
    }
    change(hunk, fuzzy);
    offset = fuzzy.line() - hunk.firstLine();
    add(hunk, HunkResult.Status.APPLIED, fuzzy);
  }

  private @Nullable Place place(Hunk hunk) throws FixProblem {
    for (boolean anyLineEnd : new boolean[] {false, true}) {
      HunkSearch.Closeness closeness = new HunkSearch.Closeness(0, anyLineEnd);
      int line = search.find(HunkSearch.Wanted.before(hunk, offset), closeness, frozen);
      if (line > 0) {
        return new Place(line, closeness);
      }
    }
    return null;
  }

  /** Fuzz comes last: with enough of it a hunk could be applied a second time. */
  private @Nullable Place fuzzyPlace(Hunk hunk) throws FixProblem {
    HunkSearch.Wanted wanted = HunkSearch.Wanted.before(hunk, offset);
    for (int fuzz = 1; fuzz <= Math.min(mostFuzz, wanted.context()); fuzz++) {
      for (boolean anyLineEnd : new boolean[] {false, true}) {
        HunkSearch.Closeness closeness = new HunkSearch.Closeness(fuzz, anyLineEnd);
        int line = search.find(wanted, closeness, frozen);
        if (line > 0) {
          return new Place(line, closeness);
        }
      }
    }
    return null;
  }

  private int alreadyAt(Hunk hunk) throws FixProblem {
    HunkSearch.Wanted wanted = HunkSearch.Wanted.after(hunk, offset);
    if (wanted.lines().isEmpty()) {
      return 0;
    }
    int exact = search.find(wanted, new HunkSearch.Closeness(0, false), frozen);
    return exact > 0 ? exact : search.find(wanted, new HunkSearch.Closeness(0, true), frozen);
  }

  /** Context stays as the file has it, which matters where it was not compared. */
  private void change(Hunk hunk, Place place) {
    int at = place.line() - 1;
    for (Hunk.Line line : hunk.lines()) {
      switch (line.sign()) {
        case '-' -> {
          copyTo(at);
          at++;
          frozen = at;
        }
        case '+' -> {
          copyTo(at);
          out.add(ended(line.text(), place.closeness().anyLineEnd()));
        }
        default -> at++;
      }
    }
  }

  private String ended(String text, boolean anyLineEnd) {
    if (!anyLineEnd || !text.endsWith("\n")) {
      return text;
    }
    return Lines.withoutEnd(text) + (crLf ? "\r\n" : "\n");
  }

  private void copyTo(int end) {
    int to = Math.min(end, file.size());
    while (frozen < to) {
      out.add(file.get(frozen++));
    }
  }

  private void add(Hunk hunk, HunkResult.Status status, Place place) {
    results.add(
        new HunkResult(
            path,
            results.size() + 1,
            status,
            place.line(),
            place.line() - hunk.firstLine(),
            place.closeness().fuzz(),
            place.closeness().anyLineEnd()));
  }
}
