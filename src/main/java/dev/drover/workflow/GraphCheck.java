package dev.drover.workflow;

import dev.drover.name.NodeId;
import dev.drover.workflow.NodeDraft.Dependency;
import dev.drover.yaml.Suggestion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a graph of what the nodes depend on, and reports why it can't be one. */
final class GraphCheck {
  private static final int SHOWN_OF_CYCLE = 10;

  private final Problems problems;
  private final Map<String, NodeDraft> drafts = new LinkedHashMap<>();
  private final Map<String, Set<String>> edges = new LinkedHashMap<>();
  private final Optional<Upstream> upstream;

  /** {@code names} are the ids of all nodes, also of those that could not be read. */
  GraphCheck(Problems problems, List<NodeDraft> nodes, Set<String> names) {
    this.problems = problems;
    nodes.forEach(node -> drafts.put(node.id().value(), node));
    nodes.forEach(node -> edges.put(node.id().value(), edges(node, names)));
    List<List<String>> cycles = Cycles.of(edges);
    cycles.forEach(this::report);
    this.upstream = cycles.isEmpty() ? Optional.of(new Upstream(edges)) : Optional.empty();
  }

  /** Which nodes come before which; empty if there are cycles, and nothing comes first. */
  Optional<Upstream> upstream() {
    return upstream;
  }

  /** The nodes that a node depends on. */
  List<NodeId> dependencies(NodeDraft node) {
    return edges.getOrDefault(node.id().value(), Set.of()).stream().map(NodeId::new).toList();
  }

  Graph graph() {
    Map<NodeId, List<NodeId>> dependencies = new LinkedHashMap<>();
    drafts.values().forEach(node -> dependencies.put(node.id(), dependencies(node)));
    return new Graph(dependencies);
  }

  private Set<String> edges(NodeDraft node, Set<String> names) {
    Set<String> known = new LinkedHashSet<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Dependency dependency : node.dependsOn()) {
      String id = dependency.id();
      if (id.equals(node.id().value())) {
        report(dependency, "node " + Quote.of(id) + " can't depend on itself");
      } else if (!seen.add(id)) {
        report(dependency, "duplicate node " + Quote.of(id) + " in dependsOn");
      } else if (!names.contains(id)) {
        problems.reportWith(
            dependency.position(),
            dependency.path(),
            "unknown node " + Quote.of(id) + " in dependsOn",
            () -> Suggestion.didYouMean(id, names));
      } else if (drafts.containsKey(id)) {
        known.add(id);
      }
    }
    return known;
  }

  private void report(Dependency dependency, String message) {
    problems.report(dependency.position(), dependency.path(), message);
  }

  /** Arrows show the way that a run would take, and the place is that of the last arrow. */
  private void report(List<String> cycle) {
    List<String> forward = new ArrayList<>(cycle.subList(1, cycle.size()));
    Collections.reverse(forward);
    forward.add(0, cycle.get(0));
    Map<String, Dependency> byId = new HashMap<>();
    String first = cycle.get(0);
    Optional.ofNullable(drafts.get(first))
        .map(NodeDraft::dependsOn)
        .orElse(List.of())
        .forEach(d -> byId.putIfAbsent(d.id(), d));
    Dependency edge = byId.get(cycle.get(1));
    if (edge == null) {
      throw new IllegalStateException("a cycle with an edge that is not there: " + cycle);
    }
    problems.report(
        edge.position(),
        edge.path(),
        "cycle: " + String.join(" -> ", shortened(forward)) + " -> " + first,
        "take one of these dependencies away");
  }

  private static List<String> shortened(List<String> cycle) {
    if (cycle.size() <= 2 * SHOWN_OF_CYCLE) {
      return cycle;
    }
    List<String> shown = new ArrayList<>(cycle.subList(0, SHOWN_OF_CYCLE));
    shown.add("(" + (cycle.size() - 2 * SHOWN_OF_CYCLE) + " more)");
    shown.addAll(cycle.subList(cycle.size() - SHOWN_OF_CYCLE, cycle.size()));
    return shown;
  }
}
