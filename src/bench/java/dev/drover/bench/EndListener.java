package dev.drover.bench;

import dev.drover.name.NodeId;
import dev.drover.run.Attempted;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunState;
import dev.drover.run.VersionId;
import java.time.Duration;
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
  public void nodeSettled(VersionId version, NodeId node, NodeState state, Duration took) {}

  @Override
  public void attemptEnded(Attempted attempt) {}

  @Override
  public void runEnded(RunId run, VersionId version, RunState state, Duration took) {
    CompletableFuture<Void> end = waiting.remove(run);
    if (end != null && state == RunState.SUCCEEDED) {
      end.complete(null);
    } else if (end != null) {
      end.completeExceptionally(new IllegalStateException("a run ended as " + state));
    }
  }
}
