package dev.drover.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Compared with the naive way on random graphs. */
class GraphAlgorithmsTest {
  private static Map<String, List<String>> random(Random random, boolean acyclic) {
    Map<String, List<String>> graph = new LinkedHashMap<>();
    int size = 1 + random.nextInt(12);
    for (int i = 0; i < size; i++) {
      List<String> before = new ArrayList<>();
      for (int j = 0; j < (acyclic ? i : size); j++) {
        if (j != i && random.nextInt(5) == 0) {
          before.add("n" + j);
        }
      }
      graph.put("n" + i, before);
    }
    return graph;
  }

  private static Set<String> reachable(Map<String, List<String>> graph, String from) {
    Set<String> found = new HashSet<>();
    List<String> open = new ArrayList<>(graph.get(from));
    while (!open.isEmpty()) {
      String next = open.remove(0);
      if (found.add(next)) {
        open.addAll(graph.get(next));
      }
    }
    return found;
  }

  @Test
  void upstreamIsWhatAPathLeadsFrom() {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      Map<String, List<String>> graph = random(random, true);
      Upstream upstream = new Upstream(graph);
      for (String node : graph.keySet()) {
        Set<String> before = reachable(graph, node);
        for (String other : graph.keySet()) {
          assertThat(upstream.isBefore(other, node)).isEqualTo(before.contains(other));
        }
      }
    }
  }

  @Test
  void thereIsOneRealCycleForEachComponent() {
    Random random = new Random(2);
    for (int i = 0; i < 500; i++) {
      Map<String, List<String>> graph = random(random, false);
      Set<Set<String>> components = new HashSet<>();
      for (String node : graph.keySet()) {
        if (reachable(graph, node).contains(node)) {
          Set<String> component = new HashSet<>(reachable(graph, node));
          component.removeIf(other -> !reachable(graph, other).contains(node));
          components.add(component);
        }
      }
      List<List<String>> cycles = Cycles.of(graph);
      assertThat(cycles).hasSameSizeAs(components);
      for (List<String> cycle : cycles) {
        assertThat(components).anyMatch(c -> c.containsAll(cycle));
        for (int k = 0; k < cycle.size(); k++) {
          assertThat(graph.get(cycle.get(k))).contains(cycle.get((k + 1) % cycle.size()));
        }
      }
    }
  }
}
