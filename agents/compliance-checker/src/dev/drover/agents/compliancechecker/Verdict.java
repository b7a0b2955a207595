package dev.drover.agents.compliancechecker;

import java.util.Locale;

/**
 * What the policy says of one component.
 *
 * @param reason in words; empty for what is simply allowed
 */
record Verdict(Kind kind, String reason) {

  /** From the best to the worst: of choices the best counts, of what applies together the worst. */
  enum Kind {
    ALLOWED,
    /** By an exception for this package. */
    EXCEPTED,
    UNKNOWN,
    NOT_ALLOWED,
    DENIED;

    String word() {
      return switch (this) {
        case ALLOWED -> "allowed";
        case EXCEPTED -> "excepted";
        case UNKNOWN -> "unknown";
        case NOT_ALLOWED -> "notAllowed";
        case DENIED -> "denied";
      };
    }
  }

  /** How bad a finding is. */
  enum Severity {
    HIGH,
    MEDIUM,
    LOW;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean isFinding() {
    return kind != Kind.ALLOWED && kind != Kind.EXCEPTED;
  }
}
