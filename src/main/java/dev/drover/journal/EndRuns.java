package dev.drover.journal;

import dev.drover.run.RunState;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes how runs ended. */
final class EndRuns {
  private static final String END =
      """
      update run r
      set state = e.state, reason = e.reason, outputs = e.outputs::json, error = e.error::json,
          ended_at = e.ended_at, owner = null, wake_at = null
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[],
                  ?::timestamptz[])
           as e (run, epoch, state, reason, outputs, error, ended_at)
      where r.id = e.run and r.epoch = e.epoch and r.owner = ? %s
      returning r.id
      """;

  private static final String END_RUNS = END.formatted("");
  private static final String END_ORPHANS = END.formatted("and r.parent_run is null");

  /** A run that could not go on leaves nothing behind that looks as if it did. */
  private static final String END_NODES =
      """
      update node_run n
      set state = 'CANCELLED', reason = 'the run ended before it', ended_at = now()
      from unnest(?::uuid[], ?::integer[]) as e (run, epoch)
      join run r on r.id = e.run and r.epoch = e.epoch and r.ended_at is not null
      where n.run = e.run and n.state in ('PENDING', 'RUNNING', 'WAITING')
      """;

  private static final String END_ATTEMPTS =
      Booking.cutOff(
          """
          a.run = any(?::uuid[]) and r.ended_at is not null
            and (r.id, r.epoch) in (select * from unnest(?::uuid[], ?::integer[]))
          """,
          "'CANCELLED'",
          "null");

  private static final String FORGET_SIGNALS =
      """
      delete from signal s
      using unnest(?::uuid[], ?::integer[]) as e (run, epoch)
      join run r on r.id = e.run and r.epoch = e.epoch and r.ended_at is not null
      where s.run = e.run
      """;

  private EndRuns() {}

  /**
   * Gives the ids of the runs that ended, when the round trip is over.
   *
   * @param orphans only those that have no parent: others have to be told in the same transaction
   */
  static Set<String> add(RoundTrip trip, UUID owner, List<Entry.End> ends, boolean orphans) {
    Set<String> written = new HashSet<>();
    List<Entry.End> sorted =
        ends.stream().sorted(Comparator.comparing(Entry.End::run)).toList(); // as others lock them
    trip.add(
        orphans ? END_ORPHANS : END_RUNS,
        sorted,
        columns ->
            columns
                .uuids(e -> e.run().value())
                .integers(Entry.End::epoch)
                .texts(e -> e.end().state().name())
                .texts(e -> e.end().reason())
                .texts(Entry.End::outputs)
                .texts(Entry.End::error)
                .times(Entry.End::at)
                .uuid(owner),
        Fence.into(written));
    List<Entry.End> cutShort =
        ends.stream().filter(e -> e.end().state() != RunState.SUCCEEDED).toList();
    ofRuns(trip, END_NODES, cutShort);
    trip.add(
        END_ATTEMPTS,
        cutShort,
        columns ->
            columns
                .uuids(e -> e.run().value())
                .uuids(e -> e.run().value())
                .integers(Entry.End::epoch)
                .uuid(owner));
    ofRuns(trip, FORGET_SIGNALS, ends);
    return written;
  }

  private static void ofRuns(RoundTrip trip, String sql, List<Entry.End> ends) {
    trip.add(sql, ends, columns -> columns.uuids(e -> e.run().value()).integers(Entry.End::epoch));
  }
}
