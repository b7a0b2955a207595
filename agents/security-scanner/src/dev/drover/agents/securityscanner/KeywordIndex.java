package dev.drover.agents.securityscanner;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds every keyword of every rule in one pass over a text, ignoring case (Aho-Corasick): what
 * holds no keyword, which is nearly everything, never meets a regular expression.
 */
final class KeywordIndex {

  /** Told of each place where a keyword ends, and of the rules that the keyword belongs to. */
  interface Listener {
    void hit(int end, int[] rules);
  }

  private static final int[] NONE = {};

  private final byte[] classes = new byte[256];
  private final int width;
  private int[] next;
  private final List<int[]> rulesOfState = new ArrayList<>();

  /** The keywords of rule i are at index i; they hold characters below 256 only. */
  KeywordIndex(List<List<String>> keywords) {
    this.width = assignClasses(keywords);
    this.next = new int[width * 64];
    newState();
    for (int rule = 0; rule < keywords.size(); rule++) {
      for (String keyword : keywords.get(rule)) {
        add(keyword, rule);
      }
    }
    link();
  }

  void scan(String text, Listener listener) {
    int state = 0;
    for (int i = 0; i < text.length(); i++) {
      state = next[state * width + classes[text.charAt(i) & 0xff]];
      int[] rules = rulesOfState.get(state);
      if (rules.length > 0) {
        listener.hit(i + 1, rules);
      }
    }
  }

  /** Class 0 is every character that no keyword uses. */
  private int assignClasses(List<List<String>> keywords) {
    int count = 1;
    for (List<String> ofRule : keywords) {
      for (String keyword : ofRule) {
        for (int i = 0; i < keyword.length(); i++) {
          char c = Character.toLowerCase(keyword.charAt(i));
          if (classes[c] == 0) {
            byte assigned = (byte) count++;
            classes[c] = assigned;
            classes[Character.toUpperCase(c) & 0xff] = assigned;
          }
        }
      }
    }
    return count;
  }

  private int newState() {
    rulesOfState.add(NONE);
    if (rulesOfState.size() * width > next.length) {
      next = Arrays.copyOf(next, next.length * 2);
    }
    return rulesOfState.size() - 1;
  }

  private void add(String keyword, int rule) {
    int state = 0;
    for (int i = 0; i < keyword.length(); i++) {
      int edge = state * width + classes[keyword.charAt(i)];
      if (next[edge] == 0) {
        int created = newState();
        next[edge] = created;
      }
      state = next[edge];
    }
    rulesOfState.set(state, union(rulesOfState.get(state), new int[] {rule}));
  }

  /** Turns the tree of keywords into an automaton: each missing edge goes where its suffix goes. */
  private void link() {
    int[] suffix = new int[rulesOfState.size()];
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    queue.add(0);
    while (!queue.isEmpty()) {
      int state = queue.remove();
      for (int c = 0; c < width; c++) {
        int edge = state * width + c;
        int viaSuffix = state == 0 ? 0 : next[suffix[state] * width + c];
        int child = next[edge];
        if (child == 0) {
          next[edge] = viaSuffix;
        } else {
          suffix[child] = viaSuffix;
          rulesOfState.set(child, union(rulesOfState.get(child), rulesOfState.get(viaSuffix)));
          queue.add(child);
        }
      }
    }
  }

  private static int[] union(int[] some, int[] others) {
    if (others.length == 0) {
      return some;
    }
    int[] all = Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, all, some.length, others.length);
    Arrays.sort(all);
    int kept = 0;
    for (int rule : all) {
      if (kept == 0 || all[kept - 1] != rule) {
        all[kept++] = rule;
      }
    }
    return Arrays.copyOf(all, kept);
  }
}
