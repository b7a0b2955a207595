package dev.drover.schedule;

import dev.drover.run.RunRequest;
import java.util.concurrent.CompletableFuture;

/** Opens runs, once per dedupe key; the same door that all runs come through. */
@FunctionalInterface
public interface Door {
  /**
   * Opens a run; one of a paused workflow waits, as QUEUED.
   *
   * @return completes when it is durable; whether it was opened: false if there was one of its key
   */
  CompletableFuture<Boolean> open(RunRequest request);
}
