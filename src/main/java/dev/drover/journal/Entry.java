package dev.drover.journal;

import dev.drover.name.NodeId;
import dev.drover.run.Journal.AttemptStart;
import dev.drover.run.Journal.LogLine;
import dev.drover.run.Journal.NodeSettled;
import dev.drover.run.RunEnd;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something to be written in the next transaction, and the future of whoever waits for it. */
sealed interface Entry {
  /** Completes when the transaction is durable. */
  CompletableFuture<?> future();

  /** About how many characters it brings. */
  default long size() {
    return 0;
  }

  /** A run to open. JSON is printed by the caller, so that the writer only writes. */
  record Open(
      RunRequest request,
      String trigger,
      String inputs,
      Optional<Instant> startedAt,
      CompletableFuture<Boolean> future)
      implements Entry {
    @Override
    public long size() {
      return (long) trigger.length() + inputs.length();
    }
  }

  /** An attempt that is about to start. */
  record Start(AttemptStart start, CompletableFuture<Void> future) implements Entry {}

  /** A node's outcome. */
  record Settle(NodeSettled settled, Payload payload, CompletableFuture<Void> future)
      implements Entry {
    @Override
    public long size() {
      return payload.output() == null ? 0 : payload.output().length();
    }
  }

  /** A run's end. */
  record End(
      RunId run,
      int epoch,
      RunEnd end,
      String outputs,
      @Nullable String error,
      Instant at,
      CompletableFuture<Void> future)
      implements Entry {}

  /** Lines of an attempt's log. */
  record Log(
      RunId run, NodeId node, int attempt, List<LogLine> lines, CompletableFuture<Void> future)
      implements Entry {}
}
