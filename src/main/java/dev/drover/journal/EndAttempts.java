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
import org.jspecify.annotations.Nullable;

/** Ends attempts with what became of them; older ones that look as if they ran still, too. */
final class EndAttempts {
  private static final String END_ATTEMPTS =
      """
      update attempt a
      set state = case when a.number = e.number then e.state else 'FAILED' end,
          exit_code = case when a.number = e.number then e.exit_code end,
          error = case when a.number = e.number then e.error::json
            else json_build_object('type', 'INTERRUPTED',
                                   'message', 'the server ended while it ran',
                                   'causes', json_build_array()) end,
          ended_at = e.ended_at
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::integer[], ?::text[],
                  ?::integer[], ?::text[], ?::timestamptz[])
           as e (run, epoch, node_id, item, number, state, exit_code, error, ended_at)
      join run r on r.id = e.run and r.epoch = e.epoch and r.owner = ?
      where a.run = e.run and a.node_id = e.node_id and a.item = e.item
        and (a.number = e.number or a.number < e.number and a.state = 'RUNNING')
      """;

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

  static void add(RoundTrip trip, UUID owner, List<Ended> ended) {
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
                .uuid(owner));
  }
}
