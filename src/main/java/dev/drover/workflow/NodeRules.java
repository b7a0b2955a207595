package dev.drover.workflow;

import java.util.Set;

/** Which keys of a node go together. */
final class NodeRules {
  private static final Set<String> WITH_ITEMS = Set.of("agent", "to", "value", "workflow");
  private static final Set<String> TRIED_AGAIN = Set.of("agent", "to", "workflow");
  private static final Set<String> WITH_TIMEOUT = WITH_ITEMS;

  private final Problems problems;

  NodeRules(Problems problems) {
    this.problems = problems;
  }

  /** Reports what does not go together in a node of that kind. */
  void check(DocumentMap node, String kind) {
    if (node.get("maxParallel").isPresent() && node.get("forEach").isEmpty()) {
      report(
          node,
          "maxParallel",
          "\"maxParallel\" without \"forEach\"",
          "it says how many items of forEach are worked on at the same time");
    }
    if (kind.isEmpty()) {
      return; // the real problem was reported
    }
    if (node.get("forEach").isPresent() && !WITH_ITEMS.contains(kind)) {
      refuse(node, "forEach", kind, "it is for nodes with agent, to, value or workflow");
    }
    if (node.get("retry").isPresent() && !TRIED_AGAIN.contains(kind)) {
      refuse(node, "retry", kind, "trying again would change nothing: leave it out");
    }
    if (node.get("timeout").isPresent() && !WITH_TIMEOUT.contains(kind)) {
      refuse(node, "timeout", kind, hintOnTimeout(kind));
    }
  }

  private static String hintOnTimeout(String kind) {
    return kind.equals("approval")
        ? "write it in the approval: { message: ..., timeout: ... }"
        : "write it in the wait: { until: resolved, timeout: ... }";
  }

  private void refuse(DocumentMap node, String key, String kind, String hint) {
    report(node, key, Quote.of(key) + " does not go with " + Quote.of(kind), hint);
  }

  private void report(DocumentMap node, String key, String message, String hint) {
    problems.report(node.keyPosition(key), node.path(key), message, hint);
  }
}
