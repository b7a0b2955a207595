package dev.drover.journal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The future of whoever waits for an entry, which knows since when. */
final class Awaited<T> extends CompletableFuture<T> {
  private final long since = System.nanoTime();

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - since);
  }

  /** What it is made of by others is a future like any other. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
