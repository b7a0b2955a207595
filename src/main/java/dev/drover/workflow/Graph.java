package dev.drover.workflow;

import dev.drover.name.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The edges of a DAG, looked at from both ends. Nodes are in the author's order throughout. */
public final class Graph {
  private final Map<NodeId, List<NodeId>> predecessors;
  private final Map<NodeId, List<NodeId>> successors;

  /** {@code dependencies} must be acyclic and name no node that is not a key of it. */
  public Graph(Map<NodeId, List<NodeId>> dependencies) {
    Map<NodeId, List<NodeId>> forward = new LinkedHashMap<>();
    dependencies.keySet().forEach(id -> forward.put(id, new ArrayList<>()));
    dependencies.forEach(
        (id, from) ->
            from.forEach(f -> forward.computeIfAbsent(f, x -> new ArrayList<>()).add(id)));
    this.predecessors = Collections.unmodifiableMap(new LinkedHashMap<>(dependencies));
    this.successors = Collections.unmodifiableMap(forward);
  }

  /** Every node. */
  public Set<NodeId> nodes() {
    return predecessors.keySet();
  }

  /** The nodes that this one depends on. */
  public List<NodeId> predecessors(NodeId id) {
    return predecessors.getOrDefault(id, List.of());
  }

  /** The nodes that depend on this one. */
  public List<NodeId> successors(NodeId id) {
    return successors.getOrDefault(id, List.of());
  }

  /** The nodes that depend on none. */
  public List<NodeId> roots() {
    return nodes().stream().filter(id -> predecessors(id).isEmpty()).toList();
  }

  /** The nodes on which none depends. */
  public List<NodeId> leaves() {
    return nodes().stream().filter(id -> successors(id).isEmpty()).toList();
  }

  /** Every node from which a path leads to this one. */
  public Set<NodeId> ancestors(NodeId id) {
    Set<NodeId> found = new HashSet<>();
    List<NodeId> open = new ArrayList<>(predecessors(id));
    while (!open.isEmpty()) {
      NodeId next = open.remove(open.size() - 1);
      if (found.add(next)) {
        open.addAll(predecessors(next));
      }
    }
    return found;
  }
}
