package dev.drover.agent;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A queue in which shares take turns: within a share the first comes first, but a share with
 * thousands of entries delays the others by one entry a round. Every operation takes the same time
 * however much waits. Not thread-safe.
 */
final class FairQueue<K, T> {
  /** In the order of their turns; none is empty. */
  private final Map<K, Set<T>> shares = new LinkedHashMap<>();

  /** Adds an entry behind its share's others; a share that is new comes last. */
  void add(K share, T entry) {
    shares.computeIfAbsent(share, k -> new LinkedHashSet<>()).add(entry);
  }

  /** Takes the first entry of the share whose turn it is. */
  Optional<T> poll() {
    if (shares.isEmpty()) {
      return Optional.empty();
    }
    Map.Entry<K, Set<T>> turn = shares.entrySet().iterator().next();
    K share = turn.getKey();
    Set<T> waiting = turn.getValue();
    T entry = waiting.iterator().next();
    waiting.remove(entry);
    shares.remove(share);
    if (!waiting.isEmpty()) {
      shares.put(share, waiting);
    }
    return Optional.of(entry);
  }

  /** Removes an entry; false if it does not wait. */
  boolean remove(K share, T entry) {
    Set<T> waiting = shares.get(share);
    if (waiting == null || !waiting.remove(entry)) {
      return false;
    }
    if (waiting.isEmpty()) {
      shares.remove(share);
    }
    return true;
  }

  boolean isEmpty() {
    return shares.isEmpty();
  }

  /** Takes everything, in the order of turns. */
  void drainTo(Consumer<T> taker) {
    for (Optional<T> next = poll(); next.isPresent(); next = poll()) {
      taker.accept(next.get());
    }
  }
}
