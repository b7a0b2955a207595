package dev.drover.workflow;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How often, and after what pauses, a node that failed is tried again.
 *
 * @param attempts all tries, the first included: 1 to {@link #MAX_ATTEMPTS}
 * @param delay the pause before the second try
 * @param factor by which each further pause is longer than the one before, 1 or more
 * @param maxDelay what no pause exceeds; at least {@code delay}
 * @param jitter the part of a pause by which it may be shorter or longer, 0 to 1
 * @param on the kinds of failure that are tried again
 */
public record Retry(
    int attempts, Duration delay, double factor, Duration maxDelay, double jitter, Set<On> on) {
  /** The most tries that an author can ask for. */
  public static final int MAX_ATTEMPTS = 100;

  /** What holds where the author says no more than that there be a retry. */
  public static final Retry DEFAULT =
      new Retry(
          3,
          Duration.ofSeconds(1),
          2,
          Duration.ofMinutes(5),
          0.2,
          Collections.unmodifiableSet(EnumSet.allOf(On.class)));

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is broken
   */
  public Retry {
    on = Set.copyOf(on);
    boolean sound = attempts >= 1 && attempts <= MAX_ATTEMPTS && factor >= 1 && !on.isEmpty();
    if (!sound || jitter < 0 || jitter > 1 || delay.isNegative() || maxDelay.compareTo(delay) < 0) {
      throw new IllegalArgumentException("not a retry");
    }
  }

  /** A kind of failure. */
  public enum On {
    /** Whatever is not a timeout. */
    ERROR,
    /** The attempt took longer than it may. */
    TIMEOUT
  }
}
