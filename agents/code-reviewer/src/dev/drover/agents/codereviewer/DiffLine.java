package dev.drover.agents.codereviewer;

/**
 * A line of a hunk.
 *
 * @param line its number in the new file; for a removed line in the old one
 */
record DiffLine(Kind kind, int line, String text) {
  enum Kind {
    CONTEXT,
    ADDED,
    REMOVED
  }

  boolean isAdded() {
    return kind == Kind.ADDED;
  }

  boolean isRemoved() {
    return kind == Kind.REMOVED;
  }
}
