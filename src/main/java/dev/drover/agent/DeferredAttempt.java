package dev.drover.agent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An attempt that is over before it began, or that waits for its agent's self-test. */
final class DeferredAttempt implements RunningAttempt {
  private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();
  private final String runtime;
  private @Nullable RunningAttempt begun;
  private boolean cancelled;

  /** One that is over. */
  DeferredAttempt(AttemptResult known) {
    runtime = known.runtime();
    result.complete(known);
  }

  /** One that begins when another future completes. */
  DeferredAttempt(CompletableFuture<RunningAttempt> beginning, String runtime) {
    this.runtime = runtime;
    var unused =
        beginning.whenComplete(
            (attempt, fault) -> {
              if (fault == null) {
                begin(attempt);
              } else {
                result.complete(
                    AttemptResult.Failed.early(FailureType.INTERNAL, fault.toString(), runtime));
              }
            });
  }

  @Override
  public CompletableFuture<AttemptResult> result() {
    return result;
  }

  @Override
  public void cancel(String reason) {
    RunningAttempt running;
    synchronized (this) {
      running = begun;
      cancelled = true;
    }
    if (running != null) {
      running.cancel(reason);
    } else {
      result.complete(new AttemptResult.Cancelled(reason, runtime, Duration.ZERO));
    }
  }

  private void begin(RunningAttempt attempt) {
    boolean unwanted;
    synchronized (this) {
      begun = attempt;
      unwanted = cancelled;
    }
    if (unwanted) {
      attempt.cancel("cancelled before it began");
    } else {
      var unused = attempt.result().thenAccept(result::complete);
    }
  }
}
