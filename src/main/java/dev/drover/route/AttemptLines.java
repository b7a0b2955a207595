package dev.drover.route;

import dev.drover.agent.LogLine;
import dev.drover.agent.LogSink;
import dev.drover.run.Journal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An attempt's log on its way into the journal. The outcome comes after its last lines, so that who
 * sees the one finds the others; but not for long, since a flood of other agents' lines may be in
 * between.
 */
final class AttemptLines implements LogSink {
  private static final long PATIENCE_SECONDS = 2;

  private final Turn turn;
  private final Journal journal;
  private volatile CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  AttemptLines(Turn turn, Journal journal) {
    this.turn = turn;
    this.journal = journal;
  }

  @Override
  public CompletableFuture<?> accept(List<LogLine> lines) {
    CompletableFuture<Void> written =
        journal.log(
            turn.execution().id(),
            turn.item(),
            turn.number(),
            lines.stream()
                .map(line -> new Journal.LogLine(line.number(), line.at(), line.text()))
                .toList());
    last = written; // they are written in their order
    return written;
  }

  /** The same, when the lines are durable or have had their time. */
  <T> CompletableFuture<T> before(T outcome) {
    return last.handle((written, fault) -> outcome)
        .completeOnTimeout(outcome, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
