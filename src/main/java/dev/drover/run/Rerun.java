package dev.drover.run;

import dev.drover.name.AgentName;
import dev.drover.name.NodeId;
import dev.drover.run.RunQueries.NodeView;
import dev.drover.workflow.Graph;
import dev.drover.workflow.OutputRead;
import dev.drover.workflow.Step;
import dev.drover.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What becomes of each node when a run is repeated. A node keeps its outcome if it SUCCEEDED or was
 * SKIPPED, was not undone, is written the same in the version that is run now, and if all nodes
 * before it there keep theirs. All others run again. A pure function.
 *
 * @param kept in the author's order, as all lists here
 * @param onceAgain those that run again although their agents' effect may happen only once, and
 *     that had been started: the new run is another one to them, with other idempotency keys
 */
public record Rerun(
    List<NodeId> kept, List<Again> again, List<Missing> missing, List<NodeId> onceAgain) {

  /** What is to run again. */
  public enum From {
    /** Whatever has no outcome to keep. */
    FAILED,
    /** Everything. */
    START
  }

  /** A node that runs again, and why. */
  public record Again(NodeId node, String why) {}

  /**
   * An output that a node which runs again reads, and that the earlier run does not have.
   *
   * @param comesAnew whether its node runs again too; else it is skipped, and there will be none
   */
  public record Missing(NodeId reader, NodeId of, boolean comesAnew) {}

  /**
   * What is known of the run that is repeated.
   *
   * @param undone nodes whose undoing was begun, whatever came of it
   * @param started nodes of which an attempt was started, at least of one item
   */
  public record Earlier(Map<NodeId, NodeState> states, Set<NodeId> undone, Set<NodeId> started) {
    /** From its rows in the journal. */
    public static Earlier of(List<NodeView> rows) {
      Map<NodeId, NodeState> states = new HashMap<>();
      Set<NodeId> undone = new HashSet<>();
      Set<NodeId> started = new HashSet<>();
      for (NodeView row : rows) {
        NodeItem item = row.id();
        if (item.isWhole()) {
          states.put(item.node(), row.state());
        }
        if (item.isUndo()) {
          undone.add(item.node());
        } else if (row.attempts() > 0) {
          started.add(item.node());
        }
      }
      return new Earlier(states, undone, started);
    }
  }

  /**
   * Plans a repetition.
   *
   * @param now the version that is run
   * @param change from the earlier run's version to that one
   * @param once tells of which agents the effect may happen only once
   */
  public static Rerun plan(
      From from, Earlier earlier, Workflow now, VersionChange change, Predicate<AgentName> once) {
    Map<NodeId, String> reasons = reasons(from, earlier, now.graph(), change);
    List<NodeId> kept = new ArrayList<>();
    List<Again> again = new ArrayList<>();
    List<Missing> missing = new ArrayList<>();
    List<NodeId> onceAgain = new ArrayList<>();
    for (NodeId node : now.nodes().keySet()) {
      String why = reasons.get(node);
      if (why == null) {
        kept.add(node);
        continue;
      }
      again.add(new Again(node, why));
      if (from == From.FAILED) {
        missing.addAll(missing(node, earlier, now, reasons));
      }
      if (now.node(node).step() instanceof Step.Agent step
          && once.test(step.agent())
          && earlier.started.contains(node)) {
        onceAgain.add(node);
      }
    }
    return new Rerun(
        List.copyOf(kept), List.copyOf(again), List.copyOf(missing), List.copyOf(onceAgain));
  }

  /** Why nodes run again; those that don't are absent. From the roots on, without recursion. */
  private static Map<NodeId, String> reasons(
      From from, Earlier earlier, Graph graph, VersionChange change) {
    Map<NodeId, String> reasons = new LinkedHashMap<>();
    Map<NodeId, Integer> open = new HashMap<>();
    graph.nodes().forEach(node -> open.put(node, graph.predecessors(node).size()));
    Deque<NodeId> ready = new ArrayDeque<>(graph.roots());
    while (!ready.isEmpty()) {
      NodeId node = ready.remove();
      own(from, node, earlier, change)
          .or(() -> inherited(node, graph, reasons))
          .ifPresent(why -> reasons.put(node, why));
      for (NodeId next : graph.successors(node)) {
        if (open.merge(next, -1, Integer::sum) == 0) {
          ready.add(next);
        }
      }
    }
    return reasons;
  }

  private static Optional<String> own(
      From from, NodeId node, Earlier earlier, VersionChange change) {
    if (from == From.START) {
      return Optional.of("everything runs again");
    } else if (!change.isInBoth(node)) {
      return Optional.of("it is new in this version");
    } else if (!change.isSame(node)) {
      return Optional.of("it is written differently in this version");
    } else if (earlier.undone.contains(node)) {
      return Optional.of("what it did was undone");
    }
    NodeState state = earlier.states.getOrDefault(node, NodeState.PENDING);
    return switch (state) {
      case SUCCEEDED, SKIPPED -> Optional.empty();
      case PENDING -> Optional.of("it was not reached");
      case RUNNING, WAITING -> Optional.of("it was not finished");
      case FAILED -> Optional.of("it failed");
      case UPSTREAM_FAILED -> Optional.of("what it depends on failed");
      case CANCELLED -> Optional.of("it was cancelled");
    };
  }

  private static Optional<String> inherited(NodeId node, Graph graph, Map<NodeId, String> reasons) {
    return graph.predecessors(node).stream()
        .filter(reasons::containsKey)
        .findFirst()
        .map(before -> "it comes after " + before);
  }

  private static List<Missing> missing(
      NodeId node, Earlier earlier, Workflow now, Map<NodeId, String> reasons) {
    return OutputRead.by(now.node(node)).stream()
        .filter(read -> !read.guarded())
        .filter(read -> earlier.states.get(read.of()) != NodeState.SUCCEEDED)
        .map(read -> new Missing(node, read.of(), reasons.containsKey(read.of())))
        .toList();
  }
}
