package dev.drover.agent;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a process is being ended before its time.
 *
 * @param failure absent: on request
 * @param at by {@link System#nanoTime()}
 * @param gently whether it is asked first
 */
record Stop(Optional<FailureType> failure, String message, long at, boolean gently) {
  /** It broke a bound, and ends at once. */
  static Stop broken(FailureType type, String message) {
    return new Stop(Optional.of(type), message, System.nanoTime(), false);
  }

  /** Somebody wants it to end. */
  static Stop asked(String reason) {
    return new Stop(Optional.empty(), reason, System.nanoTime(), true);
  }

  /**
   * It took too long.
   *
   * @param what what it did not do in time
   */
  static Stop late(String what, Duration limit, long now) {
    String text = limit.toString().substring(2).toLowerCase(Locale.ROOT);
    String message = "did not " + what + " within its time limit of " + text;
    return new Stop(Optional.of(FailureType.TIMEOUT), message, now, true);
  }
}
