package dev.drover.run;

import dev.drover.name.NodeId;
import dev.drover.workflow.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A run while this server carries it forward: what it was opened with, and the outcomes so far. It
 * is derived from the journal and can be dropped at any moment; the journal is the truth.
 */
public final class Execution {
  private final LiveRun run;
  private final DeployedWorkflow deployed;
  private final Carrier carrier;
  private final Map<NodeId, NodeOutcome> outcomes = new ConcurrentHashMap<>();
  private final Map<NodeId, Map<String, Object>> visible = new ConcurrentHashMap<>();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final Map<NodeId, Runnable> stops = new ConcurrentHashMap<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Scope scope;

  /** Whoever carries runs forward, and hears what becomes of them. */
  public interface Carrier {
    /** All nodes of the run are settled. */
    void complete(Execution execution);

    /** The engine itself failed while it carried the run: the run ends, and says so. */
    void fault(Execution execution, Throwable cause);

    /** The journal can't be written: the run is let go, and taken up again from the journal. */
    void abandon(Execution execution, Throwable cause);
  }

  /** Takes a run up where the journal says it is. */
  public Execution(LiveRun run, DeployedWorkflow deployed, Carrier carrier) {
    this.carrier = carrier;
    this.run = run;
    this.deployed = deployed;
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
    run.settled().forEach(this::settle);
  }

  /** The run's id. */
  public RunId id() {
    return run.id();
  }

  /** The epoch of this take-up; writes of an older one are refused. */
  public int epoch() {
    return run.epoch();
  }

  /** Identifies the take-up: what joins are keyed by. */
  public String key() {
    return run.id() + ":" + run.epoch();
  }

  /** The workflow's version. */
  public DeployedWorkflow deployed() {
    return deployed;
  }

  /** When the run first started. */
  public Instant startedAt() {
    return run.startedAt();
  }

  /** Who carries the run. */
  public Carrier carrier() {
    return carrier;
  }

  /** What expressions can see. */
  public Scope scope() {
    return scope;
  }

  /** The outcomes so far. */
  public Map<NodeId, NodeOutcome> outcomes() {
    return Collections.unmodifiableMap(outcomes);
  }

  /** How many attempts of the node were started before this take-up. */
  public int attemptsBefore(NodeId node) {
    return run.attempts().getOrDefault(node, 0);
  }

  /** Nodes that were running when the run was last left. */
  public Set<NodeId> interrupted() {
    return run.interrupted();
  }

  /** Remembers an outcome that the journal has. */
  public void settle(NodeId node, NodeOutcome outcome) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("status", outcome.state().name());
    if (outcome instanceof NodeOutcome.Succeeded succeeded) {
      view.put("output", succeeded.output());
    } else if (outcome instanceof NodeOutcome.Failed failed) {
      view.put("error", failed.failure().toJson());
    }
    visible.put(node, view);
    outcomes.put(node, outcome);
    stops.remove(node);
  }

  /** Whether tokens of this take-up still mean anything. */
  public boolean isLive() {
    return !over.get();
  }

  /** Claims the right to write the run's end; true for one caller, and none once it is over. */
  boolean beginEnd() {
    return isLive() && ending.compareAndSet(false, true);
  }

  /** Has what a node set going stopped when the take-up ends before the node is settled. */
  public void whenFinished(NodeId node, Runnable stop) {
    stops.put(node, stop);
    if (!isLive()) {
      stop.run();
    }
  }

  /** Ends the take-up; true for the one caller that ended it. */
  public boolean finish() {
    boolean first = over.compareAndSet(false, true);
    if (first) {
      stops.values().forEach(Runnable::run);
    }
    return first;
  }

  /**
   * The edges that lead from what is settled to what is not: where tokens must be put to go on. A
   * run that has not begun starts at its roots, one all of whose leaves are settled at its end.
   */
  public List<Edge> frontier() {
    var graph = deployed.workflow().graph();
    List<Edge> edges = new ArrayList<>();
    for (NodeId node : graph.nodes()) {
      if (outcomes.containsKey(node)) {
        if (graph.successors(node).isEmpty()) {
          edges.add(new Edge.ToEnd(node));
        }
        continue;
      }
      if (graph.predecessors(node).isEmpty()) {
        edges.add(new Edge.FromStart(node));
      }
      graph.predecessors(node).stream()
          .filter(outcomes::containsKey)
          .forEach(from -> edges.add(new Edge.Between(from, node)));
    }
    return edges;
  }
}
