package dev.drover.agents.securityscanner;

/**
 * Line and column of an offset in a text that has one char per byte. Counts are kept for each block
 * of 4096 bytes, so that an answer costs the same in a file of one huge line, and the memory is
 * small in a file of a million empty lines.
 */
final class Positions {
  private static final int BLOCK = 4096;

  private final String text;
  private final int[] newlinesBefore;
  private final int[] lastNewlineBefore;
  private final int[] continuationsBefore;

  Positions(String text) {
    this.text = text;
    int blocks = text.length() / BLOCK + 1;
    newlinesBefore = new int[blocks];
    lastNewlineBefore = new int[blocks];
    continuationsBefore = new int[blocks];
    lastNewlineBefore[0] = -1;
    for (int block = 1; block < blocks; block++) {
      index(block);
    }
  }

  private void index(int block) {
    int newlines = newlinesBefore[block - 1];
    int last = lastNewlineBefore[block - 1];
    int continuations = continuationsBefore[block - 1];
    for (int i = (block - 1) * BLOCK; i < block * BLOCK; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        newlines++;
        last = i;
      } else if (isContinuation(c)) {
        continuations++;
      }
    }
    newlinesBefore[block] = newlines;
    lastNewlineBefore[block] = last;
    continuationsBefore[block] = continuations;
  }

  /** From 1. */
  int line(int offset) {
    int line = newlinesBefore[offset / BLOCK] + 1;
    for (int i = offset / BLOCK * BLOCK; i < offset; i++) {
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    return line;
  }

  /** From 1, in characters of a UTF-8 text. */
  int column(int offset) {
    int start = lineStart(offset);
    return offset - start - (continuations(offset) - continuations(start)) + 1;
  }

  int lineStart(int offset) {
    for (int i = offset - 1; i >= offset / BLOCK * BLOCK; i--) {
      if (text.charAt(i) == '\n') {
        return i + 1;
      }
    }
    return lastNewlineBefore[offset / BLOCK] + 1;
  }

  private int continuations(int offset) {
    int count = continuationsBefore[offset / BLOCK];
    for (int i = offset / BLOCK * BLOCK; i < offset; i++) {
      count += isContinuation(text.charAt(i)) ? 1 : 0;
    }
    return count;
  }

  /** The second and later bytes of a character. */
  static boolean isContinuation(char c) {
    return (c & 0xc0) == 0x80;
  }
}
