package dev.drover.run;

import dev.drover.name.NodeId;
import dev.drover.workflow.Graph;
import dev.drover.workflow.Scope;
import dev.drover.workflow.Workflow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a run's nodes, of their items and of what was undone, as far as the journal
 * has it; and what follows from that: what expressions see, where the run goes on, how it ends.
 */
public final class Outcomes {
  private final Workflow workflow;
  private final Map<NodeId, NodeOutcome> nodes = new ConcurrentHashMap<>();
  private final Map<NodeItem, NodeOutcome> items = new ConcurrentHashMap<>();
  private final List<NodeItem> successes = Collections.synchronizedList(new ArrayList<>());
  private final Map<NodeId, Map<String, Object>> visible = new ConcurrentHashMap<>();
  private final Scope scope;

  /** Those that the journal had when the run was taken up. */
  Outcomes(LiveRun run, Workflow workflow) {
    this.workflow = workflow;
    this.scope =
        new Scope(
            run.trigger(),
            run.inputs(),
            visible,
            Map.of(
                "id", run.id().toString(),
                "workflow", run.version().workflow().value(),
                "version", (long) run.version().version(),
                "startedAt", run.startedAt().toString()),
            Map.of("name", run.version().project().value()));
    run.past().settled().forEach(settled -> add(settled.node(), settled.outcome()));
  }

  void add(NodeItem item, NodeOutcome outcome) {
    if (outcome instanceof NodeOutcome.Succeeded && !item.isUndo()) {
      successes.add(item);
    }
    if (item.isWhole()) {
      visible.put(item.node(), view(outcome));
      nodes.put(item.node(), outcome);
    } else {
      items.put(item, outcome);
    }
  }

  private static Map<String, Object> view(NodeOutcome outcome) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("status", outcome.state().name());
    if (outcome instanceof NodeOutcome.Succeeded succeeded) {
      view.put("output", succeeded.output());
    } else if (outcome instanceof NodeOutcome.Failed failed) {
      view.put("error", failed.failure().toJson());
    }
    return view;
  }

  /** What expressions can see; it grows with the outcomes. */
  public Scope scope() {
    return scope;
  }

  /** What expressions see where the node's output is this one: to undo it, or one of its items. */
  public Scope scopeWithOutput(NodeId node, @Nullable Object output) {
    return scope.withNode(node, view(new NodeOutcome.Succeeded(output)));
  }

  /** Those of the nodes. */
  public Map<NodeId, NodeOutcome> nodes() {
    return Collections.unmodifiableMap(nodes);
  }

  /** The outcome of a node, of one item of it, or of an undoing. */
  public Optional<NodeOutcome> of(NodeItem item) {
    return Optional.ofNullable(item.isWhole() ? nodes.get(item.node()) : items.get(item));
  }

  /** What has succeeded, in the order in which it did; undoings are not among it. */
  public List<NodeItem> successes() {
    synchronized (successes) {
      return List.copyOf(successes);
    }
  }

  /**
   * The edges that lead from what is settled to what is not: where tokens must be put to go on. A
   * run that has not begun starts at its roots, one all of whose leaves are settled at its end.
   */
  public List<Edge> frontier() {
    Graph graph = workflow.graph();
    List<Edge> edges = new ArrayList<>();
    for (NodeId node : graph.nodes()) {
      if (nodes.containsKey(node)) {
        if (graph.successors(node).isEmpty()) {
          edges.add(new Edge.ToEnd(node));
        }
        continue;
      }
      if (graph.predecessors(node).isEmpty()) {
        edges.add(new Edge.FromStart(node));
      }
      graph.predecessors(node).stream()
          .filter(nodes::containsKey)
          .forEach(from -> edges.add(new Edge.Between(from, node)));
    }
    return edges;
  }

  /** How the run would end as its nodes are settled now. */
  RunEnd end(Optional<RunStop> stopping) {
    RunEnd end = RunEnd.of(workflow, nodes, scope, stopping);
    List<String> failed =
        items.entrySet().stream()
            .filter(e -> e.getKey().isUndo() && !(e.getValue() instanceof NodeOutcome.Succeeded))
            .map(e -> e.getKey().toString())
            .sorted()
            .toList();
    return failed.isEmpty() ? end : end.with("could not be undone: " + String.join(", ", failed));
  }

  /**
   * How the run would end with this outcome, if it is the last node's and the run succeeds: then
   * nothing is left to be done in between.
   */
  Optional<RunEnd> endWith(NodeItem item, NodeOutcome outcome) {
    boolean isLast =
        item.isWhole()
            && outcome instanceof NodeOutcome.Succeeded
            && nodes.size() == workflow.nodes().size() - 1
            && !nodes.containsKey(item.node());
    if (!isLast) {
      return Optional.empty();
    }
    Map<NodeId, NodeOutcome> all = new HashMap<>(nodes);
    all.put(item.node(), outcome);
    return Optional.of(
            RunEnd.of(workflow, all, scope.withNode(item.node(), view(outcome)), Optional.empty()))
        .filter(end -> end.state() == RunState.SUCCEEDED);
  }
}
