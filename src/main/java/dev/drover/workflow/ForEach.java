package dev.drover.workflow;

/**
 * Makes a node work once for each item of a list; its output is the list of outputs.
 *
 * @param items evaluates to the list; what it reads is known before there is an item
 * @param maxParallel how many items are worked on at the same time, 1 to {@link #MAX_PARALLEL}
 */
public record ForEach(Template items, int maxParallel) {
  /** Items of one node at the most: each is a row of the journal, and all outputs are one value. */
  public static final int MAX_ITEMS = 10_000;

  /** The most items at the same time that an author can ask for. */
  public static final int MAX_PARALLEL = 100;

  /** What holds where the author says nothing. */
  public static final int DEFAULT_PARALLEL = 10;

  /** What is to be said of a list with so many items. */
  public static String tooMany(int items) {
    return "forEach takes at most %d items, not %d".formatted(MAX_ITEMS, items);
  }

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
