package dev.drover.alert;

import java.util.Locale;
import java.util.Optional;

/** Whether an alert says that something is wrong, or that it is over. */
public enum AlertStatus {
  FIRING,
  RESOLVED;

  /** The word of Alertmanager's bodies. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status that a word means, in any case; empty if it means none. */
  static Optional<AlertStatus> of(String word) {
    for (AlertStatus status : values()) {
      if (status.word().equalsIgnoreCase(word.strip())) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}
