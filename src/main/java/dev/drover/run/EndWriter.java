package dev.drover.run;

import dev.drover.run.Journal.NotStorable;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/** Writes how runs end. An end that can't be stored as it is becomes one that can, and says so. */
record EndWriter(Journal journal, Clock clock) {
  CompletableFuture<Void> write(RunId run, int epoch, RunEnd end) {
    CompletableFuture<Void> written;
    try {
      written = journal.end(run, epoch, end, clock.instant());
    } catch (RuntimeException | Error e) {
      written = CompletableFuture.failedFuture(new NotStorable(e));
    }
    return orElse(written, run, epoch, end);
  }

  /** The end is being written; if it can't be stored, another is. */
  CompletableFuture<Void> orElse(
      CompletableFuture<Void> written, RunId run, int epoch, RunEnd end) {
    return written.exceptionallyCompose(
        failure ->
            failure instanceof NotStorable
                ? journal.end(run, epoch, RunEnd.notStorable(end, failure), clock.instant())
                : CompletableFuture.failedFuture(failure));
  }
}
