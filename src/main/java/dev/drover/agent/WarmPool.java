package dev.drover.agent;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The warm processes of a runtime, and who waits for one. Of an agent no more attempts of one
 * project take places than it may have processes; of those that wait, workflows take turns. Belongs
 * to the supervisor's thread.
 */
final class WarmPool {
  private final Supervisor supervisor;
  private final int most;
  private final Map<WarmKey, Lane> lanes = new HashMap<>();
  private final Set<WarmProcess> processes = new HashSet<>();

  /** The one that has been idle for the longest time comes first. */
  private final Deque<WarmProcess> idle = new ArrayDeque<>();

  /** The attempts of one key. */
  private static final class Lane {
    final FairQueue<String, WarmAttempt> waiting = new FairQueue<>();
    int inside;
  }

  /**
   * Nothing is warm yet.
   *
   * @param most processes that may be idle at the same time
   */
  WarmPool(Supervisor supervisor, int most) {
    this.supervisor = supervisor;
    this.most = most;
  }

  /** An attempt wants a place; it gets one when a process could serve it. */
  void enter(WarmAttempt attempt) {
    Lane lane = lanes.computeIfAbsent(attempt.key(), key -> new Lane());
    lane.waiting.add(attempt.share(), attempt);
    letIn(attempt.key(), lane, attempt.warm().processes());
  }

  private void letIn(WarmKey key, Lane lane, int limit) {
    while (lane.inside < limit && !lane.waiting.isEmpty()) {
      lane.inside++;
      lane.waiting.poll().ifPresent(supervisor::submit);
    }
    if (lane.inside == 0 && lane.waiting.isEmpty()) {
      lanes.remove(key);
    }
  }

  /** An attempt that was let in needs no process, or no longer. */
  void leave(WarmAttempt attempt) {
    Lane lane = lanes.get(attempt.key());
    if (lane != null) {
      lane.inside--;
      letIn(attempt.key(), lane, attempt.warm().processes());
    }
  }

  /** Takes an attempt out that was not let in yet; false if it was. */
  boolean remove(WarmAttempt attempt) {
    Lane lane = lanes.get(attempt.key());
    return lane != null && lane.waiting.remove(attempt.share(), attempt);
  }

  /** A process that can serve an attempt of that key at once. */
  Optional<WarmProcess> takeIdle(WarmKey key) {
    for (Iterator<WarmProcess> newest = idle.descendingIterator(); newest.hasNext(); ) {
      WarmProcess process = newest.next();
      if (process.key().equals(key)) {
        newest.remove();
        if (process.isFit()) {
          return Optional.of(process);
        }
      }
    }
    return Optional.empty();
  }

  /** A process was started. */
  void add(WarmProcess process) {
    processes.add(process);
    supervisor.keep(process);
  }

  /** A process has nothing to do. */
  void rest(WarmProcess process) {
    idle.addLast(process);
    if (idle.size() > most) {
      idle.removeFirst().retire();
    }
  }

  /** A process serves nobody any more. */
  void remove(WarmProcess process) {
    idle.remove(process);
  }

  /** A process has ended. */
  void gone(WarmProcess process) {
    idle.remove(process);
    processes.remove(process);
  }

  /** Replaces the processes of the agent in a folder, those that serve when they have served. */
  void forget(Path home) {
    for (WarmProcess process : List.copyOf(processes)) {
      if (process.key().home().equals(home)) {
        process.retire();
      }
    }
  }
}
