package dev.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes the outcomes of nodes, and ends their attempts. */
final class SettleNodes {
  private static final String SETTLE_NODES =
      """
      insert into node_run (run, node_id, item, state, attempts, output, error, reason, started_at,
                            ended_at)
      select e.run, e.node_id, e.item, e.state, e.attempts, e.output::json, e.error::json, e.reason,
             e.started_at, e.ended_at
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::integer[],
                  ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
           as e (run, epoch, node_id, item, state, attempts, output, error, reason, started_at, ended_at)
      join run r on r.id = e.run and r.epoch = e.epoch and r.owner = ?
      on conflict (run, node_id, item) do update
        set state = excluded.state, attempts = excluded.attempts, output = excluded.output,
            error = excluded.error, reason = excluded.reason,
            started_at = coalesce(node_run.started_at, excluded.started_at),
            ended_at = excluded.ended_at, wait = null, wake_at = null
      returning run, node_id, item
      """;

  private static final String FORGET_SIGNALS =
      """
      delete from signal s
      using unnest(?::uuid[], ?::text[], ?::text[]) as e (run, node_id, item)
      where s.run = e.run and s.node_id = e.node_id and s.item = e.item
      """;

  private SettleNodes() {}

  static void write(
      Connection connection, UUID owner, List<Entry.Settle> settles, List<Runnable> tell)
      throws SQLException {
    if (settles.isEmpty()) {
      return;
    }
    Set<String> written;
    try (PreparedStatement insert = connection.prepareStatement(SETTLE_NODES)) {
      new Columns<>(connection, insert, 1, settles)
          .uuids(e -> e.settled().run().value())
          .integers(e -> e.settled().epoch())
          .texts(e -> e.settled().node().node().value())
          .texts(e -> e.settled().node().item())
          .texts(e -> e.settled().outcome().state().name())
          .integers(e -> e.settled().attempts())
          .texts(e -> e.payload().output())
          .texts(e -> e.payload().error())
          .texts(e -> e.payload().reason())
          .times(e -> e.settled().startedAt().orElse(null))
          .times(e -> e.settled().endedAt())
          .uuid(owner);
      written = Fence.written(insert);
    }
    EndAttempts.write(
        connection,
        owner,
        settles.stream().flatMap(e -> EndAttempts.Ended.of(e).stream()).toList());
    forgetSignals(connection, settles.stream().filter(e -> e.settled().waited()).toList());
    for (Entry.Settle e : settles) {
      tell.add(Fence.answer(e, written.contains(Fence.key(e.settled().run(), e.settled().node()))));
    }
  }

  private static void forgetSignals(Connection connection, List<Entry.Settle> waited)
      throws SQLException {
    if (waited.isEmpty()) {
      return;
    }
    try (PreparedStatement delete = connection.prepareStatement(FORGET_SIGNALS)) {
      new Columns<>(connection, delete, 1, waited)
          .uuids(e -> e.settled().run().value())
          .texts(e -> e.settled().node().node().value())
          .texts(e -> e.settled().node().item());
      delete.executeUpdate();
    }
  }
}
