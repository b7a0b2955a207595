package dev.drover.run;

import dev.drover.run.Journal.WorkflowKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The runs that this server carries, and the room that there is for more. */
final class InFlight {
  private final Map<RunId, Execution> executions = new ConcurrentHashMap<>();
  private final Map<WorkflowKey, Integer> counts = new HashMap<>();
  private final Semaphore free;
  private final int most;

  InFlight(int most) {
    this.most = most;
    this.free = new Semaphore(most);
  }

  /** No workflow may take more than this, so that a storm of one leaves room for the others. */
  int share() {
    return Math.max(1, most / 4 * 3);
  }

  boolean tryReserve() {
    return free.tryAcquire();
  }

  /** Reserves as much as there is, at the most {@code wanted}; gives how much that was. */
  int reserve(int wanted) {
    int room = Math.min(free.availablePermits(), wanted);
    return room > 0 && free.tryAcquire(room) ? room : 0;
  }

  void unreserve(int room) {
    free.release(room);
  }

  /** Puts a run into a reserved place; false if it is carried already. */
  boolean add(Execution execution) {
    if (executions.putIfAbsent(execution.id(), execution) != null) {
      return false;
    }
    synchronized (counts) {
      counts.merge(key(execution), 1, Integer::sum);
    }
    return true;
  }

  void remove(Execution execution) {
    if (executions.remove(execution.id(), execution)) {
      synchronized (counts) {
        counts.computeIfPresent(key(execution), (k, n) -> n == 1 ? null : n - 1);
      }
    }
    free.release();
  }

  private static WorkflowKey key(Execution execution) {
    return WorkflowKey.of(execution.deployed().id());
  }

  Map<WorkflowKey, Integer> counts() {
    synchronized (counts) {
      return Map.copyOf(counts);
    }
  }

  Optional<Execution> find(RunId run) {
    return Optional.ofNullable(executions.get(run));
  }

  Collection<Execution> all() {
    return List.copyOf(executions.values());
  }

  boolean contains(RunId run) {
    return executions.containsKey(run);
  }

  int size() {
    return executions.size();
  }
}
