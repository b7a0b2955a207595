package dev.drover.agents.patcher;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which lines differ. Lines that occur once on both sides hold the sides together (the idea of
 * patience diff); between them a longest common subsequence is sought where it is cheap, else the
 * whole block counts as changed: right for every input, and never slow.
 */
final class LineDiff {
  private static final long MOST_CELLS = 4_000_000;

  /** Lines {@code from} to {@code to} of the old become those of the new; ends are exclusive. */
  record Block(int oldFrom, int oldTo, int newFrom, int newTo) {}

  private final List<String> before;
  private final List<String> after;
  private final List<Block> blocks = new ArrayList<>();

  private LineDiff(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
  }

  /** In order, none touching another. */
  static List<Block> between(List<String> before, List<String> after) {
    LineDiff diff = new LineDiff(before, after);
    diff.compare(0, before.size(), 0, after.size());
    return diff.blocks;
  }

  private void compare(int oldFrom, int oldTo, int newFrom, int newTo) {
    Block inner = trimmed(oldFrom, oldTo, newFrom, newTo);
    int a = inner.oldFrom();
    int b = inner.newFrom();
    for (int[] anchor : anchors(a, inner.oldTo(), b, inner.newTo())) {
      between(trimmed(a, anchor[0], b, anchor[1]));
      a = anchor[0] + 1;
      b = anchor[1] + 1;
    }
    // One level of anchors is enough, and bounds the depth.
    between(trimmed(a, inner.oldTo(), b, inner.newTo()));
  }

  /** Without the lines at its ends that are the same. */
  private Block trimmed(int oldFrom, int oldTo, int newFrom, int newTo) {
    int a = oldFrom;
    int b = newFrom;
    while (a < oldTo && b < newTo && same(a, b)) {
      a++;
      b++;
    }
    int aEnd = oldTo;
    int bEnd = newTo;
    while (aEnd > a && bEnd > b && same(aEnd - 1, bEnd - 1)) {
      aEnd--;
      bEnd--;
    }
    return new Block(a, aEnd, b, bEnd);
  }

  private void between(Block block) {
    between(block.oldFrom(), block.oldTo(), block.newFrom(), block.newTo());
  }

  private void between(int a, int aEnd, int b, int bEnd) {
    int rows = aEnd - a;
    int columns = bEnd - b;
    if (rows == 0 || columns == 0) {
      changed(a, aEnd, b, bEnd);
    } else if ((long) (rows + 1) * (columns + 1) <= MOST_CELLS) {
      longestCommon(a, aEnd, b, bEnd);
    } else if (rows == columns) {
      for (int i = 0; i < rows; i++) {
        if (!same(a + i, b + i)) {
          changed(a + i, a + i + 1, b + i, b + i + 1);
        }
      }
    } else {
      changed(a, aEnd, b, bEnd);
    }
  }

  private void longestCommon(int a, int aEnd, int b, int bEnd) {
    int width = bEnd - b + 1;
    int[] longest = new int[(aEnd - a + 1) * width];
    for (int i = aEnd - a - 1; i >= 0; i--) {
      for (int j = width - 2; j >= 0; j--) {
        longest[i * width + j] =
            same(a + i, b + j)
                ? longest[(i + 1) * width + j + 1] + 1
                : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (a + i < aEnd || b + j < bEnd) {
      if (a + i < aEnd && b + j < bEnd && same(a + i, b + j)) {
        i++;
        j++;
      } else if (b + j >= bEnd
          || (a + i < aEnd && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
        changed(a + i, a + i + 1, b + j, b + j);
        i++;
      } else {
        changed(a + i, a + i, b + j, b + j + 1);
        j++;
      }
    }
  }

  /** Adds to the block before where it touches it. */
  private void changed(int oldFrom, int oldTo, int newFrom, int newTo) {
    if (oldFrom == oldTo && newFrom == newTo) {
      return;
    }
    Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
    if (last != null && last.oldTo() == oldFrom && last.newTo() == newFrom) {
      blocks.set(blocks.size() - 1, new Block(last.oldFrom(), oldTo, last.newFrom(), newTo));
    } else {
      blocks.add(new Block(oldFrom, oldTo, newFrom, newTo));
    }
  }

  private boolean same(int a, int b) {
    return before.get(a).equals(after.get(b));
  }

  /** Pairs of lines that occur once on each side, as many as keep their order on both. */
  private List<int[]> anchors(int a, int aEnd, int b, int bEnd) {
    Map<String, Integer> newPlaces = unique(after, b, bEnd);
    Map<String, Integer> oldPlaces = unique(before, a, aEnd);
    List<int[]> pairs = new ArrayList<>();
    for (int i = a; i < aEnd; i++) {
      int place = newPlaces.getOrDefault(before.get(i), -1);
      if (place >= 0 && oldPlaces.getOrDefault(before.get(i), -1) == i) {
        pairs.add(new int[] {i, place});
      }
    }
    return increasing(pairs);
  }

  private static Map<String, Integer> unique(List<String> lines, int from, int to) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = from; i < to; i++) {
      places.merge(lines.get(i), i, (first, second) -> -1);
    }
    return places;
  }

  private static List<int[]> increasing(List<int[]> pairs) {
    int[] tails = new int[pairs.size()];
    int[] previous = new int[pairs.size()];
    int length = 0;
    for (int i = 0; i < pairs.size(); i++) {
      int low = 0;
      int high = length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (pairs.get(tails[middle])[1] < pairs.get(i)[1]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      previous[i] = low == 0 ? -1 : tails[low - 1];
      tails[low] = i;
      length = Math.max(length, low + 1);
    }
    int[][] chain = new int[length][];
    int at = length == 0 ? -1 : tails[length - 1];
    for (int i = length - 1; i >= 0; i--) {
      chain[i] = pairs.get(at);
      at = previous[at];
    }
    return Arrays.asList(chain);
  }
}
