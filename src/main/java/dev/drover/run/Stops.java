package dev.drover.run;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Why a run is ended before its time, if it is, and how what it has set going is stopped then. */
final class Stops {
  private static final String ELSEWHERE = "its run is carried on elsewhere";

  private final AtomicReference<@Nullable RunStop> why = new AtomicReference<>();
  private final Map<NodeItem, Consumer<String>> stoppers = new ConcurrentHashMap<>();

  Optional<RunStop> why() {
    return Optional.ofNullable(why.get());
  }

  /** Stops what runs, but for undoings: they are part of stopping. The first one to ask does. */
  boolean stop(RunStop reason) {
    boolean first = why.compareAndSet(null, reason);
    if (first) {
      stoppers.forEach(
          (item, stopper) -> {
            if (!item.isUndo()) {
              stopper.accept(reason.reason());
            }
          });
    }
    return first;
  }

  /** Stops all that runs, undoings too: the run goes on without this take-up. */
  void leave() {
    stoppers.values().forEach(stopper -> stopper.accept(ELSEWHERE));
  }

  /**
   * Has what an item set going stopped if that must be, or at once if it is so already.
   *
   * @param isOver whether {@link #leave} was called, asked after the stopper is in place
   */
  void whenStopped(NodeItem item, Consumer<String> stopper, BooleanSupplier isOver) {
    stoppers.put(item, stopper);
    RunStop reason = why.get();
    if (reason != null && !item.isUndo()) {
      stopper.accept(reason.reason());
    } else if (isOver.getAsBoolean()) {
      stopper.accept(ELSEWHERE);
    }
  }

  /** The item is settled. */
  void forget(NodeItem item) {
    stoppers.remove(item);
  }
}
