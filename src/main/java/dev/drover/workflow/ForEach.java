package dev.drover.workflow;

/**
 * Makes a node work once for each item of a list; its output is the list of outputs.
 *
 * @param items evaluates to the list; what it reads is known before there is an item
 * @param maxParallel how many items are worked on at the same time, 1 to {@link #MAX_PARALLEL}
 */
public record ForEach(Template items, int maxParallel) {
  /** The most items at the same time that an author can ask for. */
  public static final int MAX_PARALLEL = 100;

  /** What holds where the author says nothing. */
  public static final int DEFAULT_PARALLEL = 10;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is broken
   */
  public ForEach {
    if (maxParallel < 1 || maxParallel > MAX_PARALLEL) {
      throw new IllegalArgumentException("not a number of items in parallel: " + maxParallel);
    }
  }
}
