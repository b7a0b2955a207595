package dev.drover.bench;

import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Tells whoever waits for a run that it has ended. */
final class EndListener implements RunListener {
  private final Map<RunId, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

  CompletableFuture<Void> of(RunId run) {
    return waiting.computeIfAbsent(run, r -> new CompletableFuture<>());
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.Ended ended) {
      end(ended.run().run(), ended.state());
    }
  }

  private void end(RunId run, RunState state) {
    CompletableFuture<Void> end = waiting.remove(run);
    if (end != null && state == RunState.SUCCEEDED) {
      end.complete(null);
    } else if (end != null) {
      end.completeExceptionally(new IllegalStateException("a run ended as " + state));
    }
  }
}
