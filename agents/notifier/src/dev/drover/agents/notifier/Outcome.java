package dev.drover.agents.notifier;

import java.util.OptionalInt;

/**
 * How a delivery ended. The words are for the log: they name a host, never a path, a query or a
 * password.
 */
sealed interface Outcome {

  /** The receiver took it; the status is HTTP's or SMTP's, where the channel has one. */
  record Delivered(OptionalInt status) implements Outcome {}

  /** Trying again later may help. */
  record TemporaryFailure(String reason) implements Outcome {}

  /** Trying again won't help. */
  record PermanentFailure(String reason) implements Outcome {}
}
