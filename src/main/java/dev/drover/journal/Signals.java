package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.RunStop;
import dev.drover.run.Signal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes signals inside the transaction of what causes them. The runs are locked first: a run that
 * is being parked at the same moment either sees the signal, or is seen as waiting and woken.
 */
public final class Signals {
  private static final String LOCK =
      "select id from run where id = any(?::uuid[]) order by id for no key update";

  /** The first of a kind counts; but a node that is tried again waits for another child's end. */
  private static final String INSERT =
      """
      insert into signal (run, node_id, item, kind, data)
      select e.run, e.node_id, e.item, e.kind, e.data::json
      from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
           as e (run, node_id, item, kind, data)
      join run r on r.id = e.run and r.ended_at is null
      on conflict on constraint signal_uq do update set data = excluded.data
        where signal.kind = 'CHILD_ENDED'
      """;

  private static final String WAKE =
      """
      update run
      set state = 'QUEUED', reason = 'goes on', wake_at = null
      where id = any(?::uuid[]) and state = 'WAITING'
      """;

  /** Nobody has begun with it: it ends here and now. */
  private static final String CANCEL_FRESH =
      """
      update run r
      set state = 'CANCELLED', reason = e.reason, ended_at = now()
      from unnest(?::uuid[], ?::text[]) as e (run, reason)
      where r.id = e.run and r.state = 'QUEUED' and r.started_at is null
      returning r.id
      """;

  private Signals() {}

  /**
   * Writes signals; those for runs that have ended are dropped, those told already stay as they
   * are.
   *
   * @throws SQLException as the connection does; the transaction must then be rolled back
   */
  public static void send(Connection connection, List<Signal> signals) throws SQLException {
    if (signals.isEmpty()) {
      return;
    }
    List<Signal> cancels = signals.stream().filter(s -> s.kind() == Signal.Kind.CANCEL).toList();
    List<UUID> ended = new ArrayList<>();
    RoundTrip trip = new RoundTrip();
    lock(trip, signals);
    trip.add(
        CANCEL_FRESH,
        cancels,
        columns ->
            columns.uuids(s -> s.run().value()).texts(s -> RunStop.cancelled(s.data()).reason()),
        rows -> {
          while (rows.next()) {
            ended.add(rows.getObject(1, UUID.class));
          }
        });
    insert(trip, signals);
    trip.run(connection);
    Parents.tell(connection, ended);
  }

  /** The same for signals that end no run: none of them is a {@link Signal.Kind#CANCEL}. */
  static void add(RoundTrip trip, List<Signal> signals) {
    lock(trip, signals);
    insert(trip, signals);
  }

  private static void lock(RoundTrip trip, List<Signal> signals) {
    trip.add(LOCK, signals, columns -> columns.uuids(s -> s.run().value()));
  }

  private static void insert(RoundTrip trip, List<Signal> signals) {
    trip.add(
        INSERT,
        signals,
        columns ->
            columns
                .uuids(s -> s.run().value())
                .texts(s -> s.node().map(NodeId::value).orElse(""))
                .texts(Signal::item)
                .texts(s -> s.kind().name())
                .texts(s -> Json.print(s.data())));
    trip.add(WAKE, signals, columns -> columns.uuids(s -> s.run().value()));
  }
}
