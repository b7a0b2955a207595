package dev.drover.agents.codereviewer;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A rule of {@code rules/*.yaml}: what is looked for, where, and what is said of it. */
record Rule(Advice advice, Scope scope, Form form, Examples examples) {

  String id() {
    return advice.id();
  }

  /** What a reviewer's comment says. */
  record Advice(String id, Severity severity, String message, String why, String fix) {}

  /** Files of a test, or not. */
  enum Tests {
    ANY,
    ONLY,
    NEVER
  }

  /**
   * In which files it is looked for.
   *
   * @param languages empty: all
   * @param files empty: all
   */
  record Scope(Set<Language> languages, PathPatterns files, PathPatterns except, Tests tests) {
    boolean covers(String path) {
      boolean fits =
          switch (tests) {
            case ANY -> true;
            case ONLY -> FileKind.isTest(path);
            case NEVER -> !FileKind.isTest(path);
          };
      return fits
          && (languages.isEmpty() || languages.contains(Language.of(path)))
          && (files.isEmpty() || files.match(path))
          && !except.match(path);
    }
  }

  /**
   * What is looked for.
   *
   * @param lines how many lines, from the added one on, the pattern sees
   * @param words in lower case, of which a match holds one at least; empty: nothing is known
   * @param unless found in these lines as they are, comments too, it is no finding
   * @param near found anywhere in the hunk, it is no finding
   */
  record Form(
      CodeLine.View view,
      int lines,
      Pattern pattern,
      Set<String> words,
      Optional<Pattern> unless,
      Optional<Pattern> near) {}

  /** Lines that it must find, and such that it must not; tests try them. */
  record Examples(List<String> bad, List<String> good, String file) {}
}
