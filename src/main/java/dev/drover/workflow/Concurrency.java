package dev.drover.workflow;

/**
 * How many runs of a workflow go on at the same time.
 *
 * @param key runs with the same key share the limit; it reads {@code trigger}, {@code inputs} and
 *     {@code project} only, and is the empty text where all runs of the workflow share it
 * @param limit runs at the same time, 1 to {@link #MAX_LIMIT}
 */
public record Concurrency(Template key, int limit, Overflow overflow) {
  /** The highest limit. */
  public static final int MAX_LIMIT = 10_000;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is broken
   */
  public Concurrency {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("not a limit: " + limit);
    }
  }

  /** What happens to a run for which there is no room. */
  public enum Overflow {
    /** It waits. */
    QUEUE,
    /** It is not opened. */
    DROP,
    /** It takes the place of the oldest, which is cancelled. */
    REPLACE
  }
}
