package dev.drover.agent;

import java.util.concurrent.CompletableFuture;

/** An attempt that was asked for: it waits for its turn, runs, or has ended. */
public interface RunningAttempt {
  /**
   * How it ended. It always completes, never exceptionally, on the executor and after the last log
   * line was delivered.
   */
  CompletableFuture<AttemptResult> result();

  /** Ends it: what waits never starts, what runs gets SIGTERM and two seconds later SIGKILL. */
  void cancel(String reason);

  /** Ends it at once because it broke a bound that is kept outside of its runtime. */
  default void fail(FailureType type, String message) {
    cancel(message);
  }
}
