package dev.drover.schedule;

import dev.drover.run.RunRequest;
import java.util.concurrent.CompletableFuture;

/** Opens runs, once per dedupe key; the same door that all runs come through. */
@FunctionalInterface
public interface Door {
  /**
   * Opens a run.
   *
   * @param paused whether it is to wait as QUEUED because its workflow is paused
   * @return completes when it is durable; whether it was opened: false if there was one of its key
   */
  CompletableFuture<Boolean> open(RunRequest request, boolean paused);
}
