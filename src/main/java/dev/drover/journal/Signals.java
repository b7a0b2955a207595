package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.RunId;
import dev.drover.run.RunStop;
import dev.drover.run.Signal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
    UUID[] runs =
        signals.stream()
            .map(Signal::run)
            .distinct()
            .sorted()
            .map(RunId::value)
            .toArray(UUID[]::new);
    execute(connection, LOCK, runs);
    cancelFresh(connection, signals.stream().filter(s -> s.kind() == Signal.Kind.CANCEL).toList());
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      new Columns<>(connection, insert, 1, signals)
          .uuids(s -> s.run().value())
          .texts(s -> s.node().map(NodeId::value).orElse(""))
          .texts(Signal::item)
          .texts(s -> s.kind().name())
          .texts(s -> Json.print(s.data()));
      insert.executeUpdate();
    }
    execute(connection, WAKE, runs);
  }

  private static void cancelFresh(Connection connection, List<Signal> cancels) throws SQLException {
    if (cancels.isEmpty()) {
      return;
    }
    List<UUID> ended = new ArrayList<>();
    try (PreparedStatement update = connection.prepareStatement(CANCEL_FRESH)) {
      new Columns<>(connection, update, 1, cancels)
          .uuids(s -> s.run().value())
          .texts(s -> RunStop.cancelled(s.data()).reason());
      try (ResultSet rows = update.executeQuery()) {
        while (rows.next()) {
          ended.add(rows.getObject(1, UUID.class));
        }
      }
    }
    Parents.tell(connection, ended);
  }

  private static void execute(Connection connection, String sql, UUID[] runs) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("uuid", runs));
      statement.execute();
    }
  }
}
