package dev.drover.agents.securityscanner;

import dev.drover.agents.securityscanner.dependency.Vulnerability;
import java.util.Comparator;
import java.util.Optional;

/**
 * One line of the report. {@code line} and {@code column} count from 1, columns in characters;
 * {@code match} is already masked.
 */
record Finding(
    String file,
    int line,
    int column,
    RuleInfo rule,
    String match,
    Optional<Vulnerability> vulnerability) {

  Finding(String file, int line, int column, RuleInfo rule, String match) {
    this(file, line, column, rule, match, Optional.empty());
  }

  /** Worst first, then by place: the same tree always gives the same report. */
  static final Comparator<Finding> ORDER =
      Comparator.comparing((Finding finding) -> finding.rule().severity())
          .thenComparing(Finding::file)
          .thenComparingInt(Finding::line)
          .thenComparingInt(Finding::column)
          .thenComparing(finding -> finding.rule().id())
          .thenComparing(Finding::match);
}
