package dev.drover.agents.patcher;

/**
 * What became of a hunk.
 *
 * @param line where its first line lies in the file before; 0 if it was rejected
 * @param offset how far that is from where the patch has it
 * @param fuzz how many lines of context at its ends were not compared
 * @param lineEnds whether the line ends were the file's and not the patch's
 */
record HunkResult(
    String path, int number, Status status, int line, int offset, int fuzz, boolean lineEnds) {

  /** Applied now, found applied, or not applied. */
  enum Status {
    APPLIED,
    ALREADY,
    REJECTED
  }
}
