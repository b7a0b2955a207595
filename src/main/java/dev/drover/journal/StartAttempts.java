package dev.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Writes attempts that are about to start. */
final class StartAttempts {
  private static final String START_NODES =
      """
      insert into node_run (run, node_id, state, attempts, started_at)
      select e.run, e.node_id, 'RUNNING', e.number, e.at
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::integer[], ?::timestamptz[])
           as e (run, epoch, node_id, number, at)
      join run r on r.id = e.run and r.epoch = e.epoch
      for share of r -- a take-over that is not committed yet is waited for, and then seen
      on conflict (run, node_id) do update
        set state = excluded.state, attempts = excluded.attempts
        where node_run.state in ('PENDING', 'RUNNING', 'WAITING')
      returning run, node_id
      """;

  private static final String START_ATTEMPTS =
      """
      insert into attempt (run, node_id, number, runtime, state, started_at)
      select e.run, e.node_id, e.number, e.runtime, 'RUNNING', e.at
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::integer[], ?::text[], ?::timestamptz[])
           as e (run, epoch, node_id, number, runtime, at)
      join run r on r.id = e.run and r.epoch = e.epoch
      for share of r -- a take-over that is not committed yet is waited for, and then seen
      on conflict (run, node_id, number) do nothing
      """;

  private StartAttempts() {}

  static void write(Connection connection, List<Entry.Start> starts, List<Runnable> tell)
      throws SQLException {
    if (starts.isEmpty()) {
      return;
    }
    Set<String> written;
    try (PreparedStatement insert = connection.prepareStatement(START_NODES)) {
      new Columns<>(connection, insert, 1, starts)
          .uuids(e -> e.start().run().value())
          .integers(e -> e.start().epoch())
          .texts(e -> e.start().node().value())
          .integers(e -> e.start().attempt())
          .times(e -> e.start().startedAt());
      written = Fence.written(insert);
    }
    try (PreparedStatement insert = connection.prepareStatement(START_ATTEMPTS)) {
      new Columns<>(connection, insert, 1, starts)
          .uuids(e -> e.start().run().value())
          .integers(e -> e.start().epoch())
          .texts(e -> e.start().node().value())
          .integers(e -> e.start().attempt())
          .texts(e -> e.start().runtime())
          .times(e -> e.start().startedAt());
      insert.executeUpdate();
    }
    for (Entry.Start e : starts) {
      tell.add(Fence.answer(e, written.contains(e.start().run() + "/" + e.start().node())));
    }
  }
}
