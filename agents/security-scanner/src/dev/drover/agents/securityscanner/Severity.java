package dev.drover.agents.securityscanner;

import java.util.Locale;
import java.util.Optional;

/** How bad a finding is. Declared worst first, which is the order of the report. */
enum Severity {
  CRITICAL,
  HIGH,
  MEDIUM,
  LOW;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean atLeast(Severity least) {
    return compareTo(least) <= 0;
  }

  static Optional<Severity> of(String word) {
    for (Severity severity : values()) {
      if (severity.word().equals(word)) {
        return Optional.of(severity);
      }
    }
    return Optional.empty();
  }
}
