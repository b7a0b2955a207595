package dev.drover.journal;

import dev.drover.run.Journal.AttemptStart;
import dev.drover.run.Journal.LogLine;
import dev.drover.run.Journal.NodeSettled;
import dev.drover.run.Journal.NodeWaiting;
import dev.drover.run.Journal.Opened;
import dev.drover.run.Journal.WorkflowKey;
import dev.drover.run.NodeItem;
import dev.drover.run.RunEnd;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.Signal;
import dev.drover.run.Spending;
import java.time.Instant;
import java.time.LocalDate;
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
      CompletableFuture<Opened> future)
      implements Entry {
    @Override
    public long size() {
      return (long) trigger.length() + inputs.length();
    }
  }

  /** An attempt that is about to start. */
  record Start(AttemptStart start, CompletableFuture<Void> future) implements Entry {}

  /**
   * A node that waits.
   *
   * @param child the run that it opens; nobody waits for that future
   */
  record Await(
      NodeWaiting waiting, String what, Optional<Open> child, CompletableFuture<Void> future)
      implements Entry {
    @Override
    public long size() {
      return what.length() + child.map(Open::size).orElse(0L);
    }
  }

  /**
   * A node's outcome.
   *
   * @param end how it ends the run, if it was the last one's
   */
  record Settle(
      NodeSettled settled, Payload payload, Optional<End> end, CompletableFuture<Void> future)
      implements Entry {
    @Override
    public long size() {
      return (payload.output() == null ? 0 : payload.output().length())
          + end.map(End::size).orElse(0L);
    }
  }

  /** A run that leaves memory and waits. */
  record Park(
      RunId run, int epoch, String reason, Optional<Instant> wakeAt, CompletableFuture<Void> future)
      implements Entry {}

  /**
   * A run's end.
   *
   * @param isOrphan false: it may have a parent, which is told in the same transaction
   */
  record End(
      RunId run,
      int epoch,
      RunEnd end,
      String outputs,
      @Nullable String error,
      Instant at,
      boolean isOrphan,
      CompletableFuture<Void> future)
      implements Entry {
    @Override
    public long size() {
      return outputs.length();
    }

    /** The same end, of a run that is none without parent. */
    End withParent() {
      return new End(run, epoch, end, outputs, error, at, false, future);
    }
  }

  /** Something that a run is to be told. */
  record Tell(Signal signal, CompletableFuture<Void> future) implements Entry {}

  /** A question for what has been spent. */
  record Spent(RunId run, WorkflowKey workflow, LocalDate day, CompletableFuture<Spending> future)
      implements Entry {}

  /** Lines of an attempt's log. */
  record Log(
      RunId run, NodeItem node, int attempt, List<LogLine> lines, CompletableFuture<Void> future)
      implements Entry {
    @Override
    public long size() {
      return lines.stream().mapToLong(line -> line.text().length()).sum();
    }
  }
}
