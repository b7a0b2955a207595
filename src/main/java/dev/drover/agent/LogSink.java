package dev.drover.agent;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Takes the log of an attempt while it runs. What it has not acknowledged is bounded: beyond that
 * the agent's stderr is no longer read, and the full pipe slows the agent.
 */
@FunctionalInterface
public interface LogSink {
  /** Drops everything. */
  LogSink NONE = lines -> CompletableFuture.completedFuture(null);

  /**
   * Takes lines that follow those of the call before. Called on the registry's executor, by one
   * thread at a time; it should be quick, and what takes time is what the future is for. An
   * exception, thrown or in the future, acknowledges too: the attempt goes on without these lines.
   *
   * @param lines at least one
   * @return completes when the lines need no more memory
   */
  CompletableFuture<?> accept(List<LogLine> lines);
}
