package dev.drover.api;

import dev.drover.alert.AlertOutcome;

/** Hears what became of alerts. */
@FunctionalInterface
public interface AlertCounter {
  /** So many more alerts had this outcome; a whole body that was refused counts as one. */
  void count(AlertOutcome outcome, int alerts);
}
