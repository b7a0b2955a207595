package dev.drover.workflow;

import java.util.List;
import java.util.OptionalInt;

/**
 * A place where an expression reads data by a path known at load, such as {@code
 * nodes.scan.output.total} or {@code trigger.alerts[0]}.
 *
 * @param root the first word, of which {@link CelLanguage#isRoot} holds
 * @param steps keys (String) and indices (Long), as far as they are constant
 * @param dynamic whether a computed key or index follows the steps
 * @param guardedFrom the first step that may be absent, by has() or {@code .?}
 * @param at where the root stands in the CEL text, in code points
 */
record Read(String root, List<Object> steps, boolean dynamic, OptionalInt guardedFrom, int at) {
  Read {
    steps = List.copyOf(steps);
  }

  /** Whether the author has said what happens if that step is absent. */
  boolean isGuarded(int step) {
    return guardedFrom.isPresent() && step >= guardedFrom.getAsInt();
  }

  /** As an author writes it, up to and including that many steps. */
  String path(int length) {
    StringBuilder path = new StringBuilder(root);
    for (Object step : steps.subList(0, length)) {
      if (step instanceof String key && isIdentifier(key)) {
        path.append('.').append(key);
      } else if (step instanceof String key) {
        path.append("[\"").append(Quote.cut(key)).append("\"]");
      } else {
        path.append('[').append(step).append(']');
      }
    }
    return path.toString();
  }

  private static boolean isIdentifier(String key) {
    return !key.isEmpty()
        && key.length() < 100
        && key.chars().allMatch(c -> CelText.isWord((char) c) || c == '-');
  }
}
