package dev.drover.agent.dagger;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps exports waiting, as folders that are large do. */
public final class TestExports {
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  /** From now on they wait. */
  public void hold() {
    gate = new CompletableFuture<>();
  }

  /** Those that wait go on. */
  public void release() {
    gate.complete(null);
  }

  /** How many wait. */
  public int waiting() {
    return waiting.get();
  }

  /** Waits; gives up when the client takes its request back. */
  void pass(HttpConnections.Exchange exchange) {
    CompletableFuture<Void> hungUp = new CompletableFuture<>();
    exchange.onHangUp(
        () -> hungUp.completeExceptionally(new IllegalStateException("context canceled")));
    waiting.incrementAndGet();
    try {
      CompletableFuture.anyOf(gate, hungUp).join();
    } finally {
      waiting.decrementAndGet();
    }
  }
}
