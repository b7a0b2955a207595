package dev.drover.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which nodes come before which, for a whole graph at once: a bit for each pair. */
final class Upstream {
  private final Map<String, Integer> indices = new HashMap<>();
  private final List<BitSet> ancestors = new ArrayList<>();

  /** {@code dependencies} must be acyclic and name no node that is not a key of it. */
  Upstream(Map<String, ? extends Collection<String>> dependencies) {
    List<List<Integer>> successors = new ArrayList<>();
    for (String id : dependencies.keySet()) {
      indices.put(id, indices.size());
      ancestors.add(new BitSet());
      successors.add(new ArrayList<>());
    }
    int[] waitingFor = new int[indices.size()];
    Deque<Integer> ready = new ArrayDeque<>();
    dependencies.forEach(
        (id, before) -> {
          int node = index(id);
          waitingFor[node] = before.size();
          before.forEach(b -> successors.get(index(b)).add(node));
          if (before.isEmpty()) {
            ready.add(node);
          }
        });
    while (!ready.isEmpty()) {
      int node = ready.remove();
      for (int next : successors.get(node)) {
        ancestors.get(next).or(ancestors.get(node));
        ancestors.get(next).set(node);
        if (--waitingFor[next] == 0) {
          ready.add(next);
        }
      }
    }
  }

  private int index(String id) {
    Integer index = indices.get(id);
    if (index == null) {
      throw new IllegalArgumentException("not a node of the graph: " + id);
    }
    return index;
  }

  boolean knows(String id) {
    return indices.containsKey(id);
  }

  /** Whether a path leads from the first node to the second. */
  boolean isBefore(String first, String second) {
    return ancestors.get(index(second)).get(index(first));
  }
}
