package dev.drover.workflow;

import dev.drover.name.NodeId;
import dev.drover.name.WorkflowName;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A valid workflow: a DAG of nodes, what triggers it, what it takes and gives. Can only be made by
 * {@link WorkflowReader}, so whoever holds one need not doubt it.
 *
 * @param timeout how long a run may take from its first start, waiting included
 * @param budget what its agents may cost
 */
public record Workflow(
    WorkflowName name,
    String description,
    List<Trigger> triggers,
    Inputs inputs,
    Map<NodeId, Node> nodes,
    Graph graph,
    Map<String, Template> outputs,
    Optional<Concurrency> concurrency,
    Optional<Duration> timeout,
    Optional<SpendingLimit> budget) {
  public Workflow {
    triggers = List.copyOf(triggers);
    nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
  }

  /** The node of that id, which must be one of this workflow's. */
  public Node node(NodeId id) {
    Node node = nodes.get(id);
    if (node == null) {
      throw new IllegalArgumentException("workflow " + name + " has no node " + id);
    }
    return node;
  }
}
