package dev.drover.run;

import dev.drover.name.NodeId;
import dev.drover.workflow.Graph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What of a run is busy and what waits. A node counts as busy from the moment at which its last
 * dependency is settled, so that a run never looks idle while a token is on its way.
 */
final class Activity {
  private final Graph graph;
  private final Map<NodeId, Integer> missing = new HashMap<>();
  private final Map<NodeItem, Waiting> waiting = new LinkedHashMap<>();
  private int busy;
  private boolean closed;
  private boolean over;
  private final List<Runnable> onClose = new ArrayList<>();

  private record Waiting(Wait what, Consumer<Wakeup> wake, Runnable dropped, Runnable stopTimer) {}

  Activity(Graph graph, Set<NodeId> settled) {
    this.graph = graph;
    for (NodeId node : graph.nodes()) {
      if (!settled.contains(node)) {
        int open =
            (int) graph.predecessors(node).stream().filter(p -> !settled.contains(p)).count();
        missing.put(node, open);
        busy += open == 0 ? 1 : 0;
      }
    }
  }

  /** A busy node is settled: those whose last dependency it was are busy now. */
  synchronized void settled(NodeId node) {
    for (NodeId next : graph.successors(node)) {
      int left = missing.merge(next, -1, Integer::sum);
      busy += left == 0 ? 1 : 0;
    }
    busy--;
  }

  synchronized void enter() {
    busy++;
  }

  synchronized void leave() {
    busy--;
  }

  /** Something busy waits now; false if the run has left memory. */
  synchronized boolean await(NodeItem item, Wait wait, Consumer<Wakeup> wake, Runnable dropped) {
    if (closed) {
      return false;
    }
    waiting.put(item, new Waiting(wait, wake, dropped, () -> {}));
    busy--;
    return true;
  }

  /** The timer of what waits; stopped at once if it does not wait any more. */
  void timer(NodeItem item, Runnable stopTimer) {
    synchronized (this) {
      Waiting known = waiting.get(item);
      if (known != null) {
        waiting.put(item, new Waiting(known.what, known.wake, known.dropped, stopTimer));
        return;
      }
    }
    stopTimer.run();
  }

  /** What waited is busy again; empty if it does not wait, or not for what is over. */
  Optional<Consumer<Wakeup>> wake(NodeItem item, Predicate<Wait> isOver) {
    Waiting woken;
    synchronized (this) {
      woken = closed ? null : waiting.get(item);
      if (woken == null || !isOver.test(woken.what)) {
        return Optional.empty();
      }
      waiting.remove(item);
      busy++;
    }
    woken.stopTimer.run();
    return Optional.of(woken.wake);
  }

  synchronized Map<NodeItem, Wait> waits() {
    Map<NodeItem, Wait> waits = new LinkedHashMap<>();
    waiting.forEach((item, w) -> waits.put(item, w.what));
    return waits;
  }

  /** Closes if all that is left waits, and for nothing that is about to happen; true if it did. */
  synchronized boolean park(Predicate<Wait> isShort) {
    if (closed || busy > 0 || waiting.isEmpty()) {
      return false;
    }
    if (waiting.values().stream().anyMatch(w -> isShort.test(w.what))) {
      return false;
    }
    closed = true;
    return true;
  }

  /** Has something done when it closes, at once if it is closed. */
  void whenClosed(Runnable task) {
    synchronized (this) {
      if (!over) {
        onClose.add(task);
        return;
      }
    }
    task.run();
  }

  /** Wakes nothing any more. */
  void close() {
    List<Runnable> rest = new ArrayList<>();
    synchronized (this) {
      closed = true;
      over = true;
      for (Waiting w : waiting.values()) {
        rest.add(w.stopTimer);
        rest.add(w.dropped);
      }
      rest.addAll(onClose);
      onClose.clear();
    }
    rest.forEach(Runnable::run);
  }
}
