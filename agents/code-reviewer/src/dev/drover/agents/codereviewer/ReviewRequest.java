package dev.drover.agents.codereviewer;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the input asks for.
 *
 * @param disabled ids of rules that are left out
 * @param suppressions whether comments in the code can allow what a rule finds
 */
record ReviewRequest(
    Change change,
    PathPatterns exclude,
    Set<String> disabled,
    boolean suppressions,
    Thresholds thresholds,
    Sizes sizes) {

  private static final Set<String> FIELDS =
      Set.of(
          "diff",
          "repository",
          "range",
          "exclude",
          "disable",
          "suppressions",
          "minSeverity",
          "commentAt",
          "requestChangesAt",
          "maxComments",
          "limits");
  private static final Set<String> LIMITS =
      Set.of("fileLines", "fileKib", "changedLines", "untestedLines");
  private static final int MOST_PATTERNS = 200;

  /** Where the change comes from. */
  sealed interface Change {
    /** It is in the input. */
    record Diff(String text) implements Change {}

    /** It is between two commits of a repository. */
    record Range(Path repository, CommitRange commits) implements Change {}
  }

  /**
   * What severities lead to.
   *
   * @param least less severe findings are neither listed nor counted
   */
  record Thresholds(Severity least, Severity comment, Severity requestChanges) {}

  /**
   * Sizes.
   *
   * @param untestedLines how many lines of code may change without a test
   */
  record Sizes(int maxComments, FileChecks.Limits files, int untestedLines) {}

  static ReviewRequest read(InputObject input) throws BadInput {
    input.allowOnly(FIELDS, "a review");
    InputObject limits = input.member("limits");
    limits.allowOnly(LIMITS, "limits");
    return new ReviewRequest(
        change(input),
        patterns(input),
        new HashSet<>(input.texts("disable")),
        input.flag("suppressions", true),
        new Thresholds(
            severity(input, "minSeverity", Severity.LOW),
            severity(input, "commentAt", Severity.LOW),
            severity(input, "requestChangesAt", Severity.HIGH)),
        new Sizes(
            input.integer("maxComments", 200, 0, 2000),
            new FileChecks.Limits(
                limits.integer("fileLines", 1500, 1, 1_000_000),
                limits.integer("fileKib", 512, 1, 1_000_000),
                limits.integer("changedLines", 1000, 1, 10_000_000)),
            limits.integer("untestedLines", 10, 1, 1_000_000)));
  }

  private static Change change(InputObject input) throws BadInput {
    if (input.has("diff")) {
      if (input.has("repository") || input.has("range")) {
        throw new BadInput("give either diff, or repository and range");
      }
      return new Change.Diff(input.textOrEmpty("diff"));
    }
    if (!input.has("repository")) {
      throw new BadInput("give either diff, or repository and range");
    }
    try {
      Path repository = Path.of(input.text("repository"));
      return new Change.Range(repository, CommitRange.parse(input.text("range")));
    } catch (InvalidPathException e) {
      throw new BadInput("repository is not a path");
    }
  }

  private static PathPatterns patterns(InputObject input) throws BadInput {
    List<String> patterns = input.texts("exclude");
    if (patterns.size() > MOST_PATTERNS) {
      throw new BadInput("exclude has more than " + MOST_PATTERNS + " patterns");
    }
    try {
      return PathPatterns.of(patterns);
    } catch (IllegalArgumentException e) {
      throw new BadInput("exclude holds a pattern that can't be read: use *, ** and {a,b} only");
    }
  }

  private static Severity severity(InputObject input, String field, Severity standard)
      throws BadInput {
    if (!input.has(field)) {
      return standard;
    }
    return Severity.of(input.text(field))
        .orElseThrow(() -> new BadInput(field + " must be critical, high, medium or low"));
  }
}
