package dev.drover.agent.dagger;

import java.util.concurrent.CompletableFuture;

/** A container that was asked for. */
public interface RunningContainer {
  /** How it ended; never completes exceptionally. */
  CompletableFuture<ContainerEnd> end();

  /** Stops it: the request is taken back, on which engines from 0.21 on kill what runs. */
  void abort();
}
