package dev.drover.agents.notifier;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a delivery ended. The words are for the log: they name a host, never a path, a query or a
 * password.
 */
sealed interface Outcome {

  /**
   * The receiver took it.
   *
   * @param status HTTP's or SMTP's, where the channel has one
   * @param thread what a later message has to name to land beside this one
   */
  record Delivered(OptionalInt status, Optional<String> thread) implements Outcome {}

  /** Trying again later may help. */
  record TemporaryFailure(String reason) implements Outcome {}

  /** Trying again won't help. */
  record PermanentFailure(String reason) implements Outcome {}
}
