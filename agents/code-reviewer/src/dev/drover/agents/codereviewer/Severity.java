package dev.drover.agents.codereviewer;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How bad it is, the worst first. */
enum Severity {
  CRITICAL,
  HIGH,
  MEDIUM,
  LOW;

  static Optional<Severity> of(String name) {
    return Stream.of(values()).filter(severity -> severity.key().equals(name)).findFirst();
  }

  /** As in rules, input and output. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isAtLeast(Severity other) {
    return compareTo(other) <= 0;
  }
}
