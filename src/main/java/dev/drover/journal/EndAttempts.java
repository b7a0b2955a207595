package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.run.Journal.AttemptEnd;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunId;
import dev.drover.run.Wait;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ends attempts with what became of them, and books what they have used. One that has ended already
 * stays as it is: it was cut off, or this is written a second time because its commit went unheard.
 */
final class EndAttempts {
  private static final String END_ATTEMPTS =
      """
      with ended as (
        update attempt a
        set state = e.state, exit_code = e.exit_code, error = e.error::json, ended_at = e.ended_at,
            execution_ms = case when a.agent is not null then e.execution_ms end,
            cost = case when a.agent is not null then e.cost::numeric end
        from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::integer[], ?::text[],
                    ?::integer[], ?::text[], ?::timestamptz[], ?::bigint[], ?::text[])
             as e (run, epoch, node_id, item, number, state, exit_code, error, ended_at,
                   execution_ms, cost)
        join run r on r.id = e.run and r.epoch = e.epoch and r.owner = ?
        where a.run = e.run and a.node_id = e.node_id and a.item = e.item and a.number = e.number
          and a.state = 'RUNNING'
        returning a.run, r.project, r.workflow, a.agent, a.ended_at, a.execution_ms, a.cost
      )
      """
          + Booking.BOOK
          + Booking.SILENTLY;

  private EndAttempts() {}

  /** An attempt that is over. */
  record Ended(
      RunId run,
      int epoch,
      NodeItem node,
      AttemptEnd attempt,
      String state,
      @Nullable String error,
      Instant at) {

    static Optional<Ended> of(Entry.Settle e) {
      NodeOutcome outcome = e.settled().outcome();
      boolean tells =
          outcome instanceof NodeOutcome.Succeeded || outcome instanceof NodeOutcome.Cancelled;
      return e.settled()
          .attempt()
          .map(
              attempt ->
                  new Ended(
                      e.settled().run(),
                      e.settled().epoch(),
                      e.settled().node(),
                      attempt,
                      tells ? outcome.state().name() : "FAILED",
                      e.payload().error(),
                      e.settled().endedAt()));
    }

    static Optional<Ended> of(Entry.Await e) {
      @Nullable String error =
          e.waiting().what() instanceof Wait.Retry retry
              ? Json.print(retry.failure().toJson())
              : null;
      return e.waiting()
          .failed()
          .map(
              attempt ->
                  new Ended(
                      e.waiting().run(),
                      e.waiting().epoch(),
                      e.waiting().node(),
                      attempt,
                      "FAILED",
                      error,
                      e.waiting().at()));
    }
  }

  /** Once a transaction: all that it books is locked in one order. */
  static void add(RoundTrip trip, UUID owner, List<Entry.Settle> settles, List<Entry.Await> waits) {
    List<Ended> ended =
        Stream.concat(
                settles.stream().flatMap(e -> Ended.of(e).stream()),
                waits.stream().flatMap(e -> Ended.of(e).stream()))
            .toList();
    trip.add(
        END_ATTEMPTS,
        ended,
        columns ->
            columns
                .uuids(e -> e.run().value())
                .integers(Ended::epoch)
                .texts(e -> e.node().node().value())
                .texts(e -> e.node().item())
                .integers(e -> e.attempt().number())
                .texts(Ended::state)
                .integers(e -> e.attempt().exitCode().orElse(null))
                .texts(Ended::error)
                .times(Ended::at)
                .longs(e -> e.attempt().usage().executed().toMillis())
                .texts(e -> e.attempt().usage().cost().toPlainString())
                .uuid(owner)
                .uuid(owner));
  }
}
