package dev.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes attempts that are about to start. */
final class StartAttempts {
  private static final String START_NODES =
      """
      insert into node_run (run, node_id, item, state, attempts, started_at)
      select e.run, e.node_id, e.item, 'RUNNING', e.number, e.at
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::integer[], ?::timestamptz[])
           as e (run, epoch, node_id, item, number, at)
      join run r on r.id = e.run and r.epoch = e.epoch and r.owner = ?
      on conflict (run, node_id, item) do update
        set state = excluded.state, attempts = excluded.attempts, wait = null, wake_at = null
        where node_run.state in ('PENDING', 'RUNNING', 'WAITING')
      returning run, node_id, item
      """;

  private static final String START_ATTEMPTS =
      """
      insert into attempt (run, node_id, item, number, runtime, state, started_at)
      select e.run, e.node_id, e.item, e.number, e.runtime, 'RUNNING', e.at
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::integer[], ?::text[],
                  ?::timestamptz[])
           as e (run, epoch, node_id, item, number, runtime, at)
      join run r on r.id = e.run and r.epoch = e.epoch and r.owner = ?
      on conflict (run, node_id, item, number) do nothing
      """;

  private StartAttempts() {}

  static void write(
      Connection connection, UUID owner, List<Entry.Start> starts, List<Runnable> tell)
      throws SQLException {
    if (starts.isEmpty()) {
      return;
    }
    Set<String> written;
    try (PreparedStatement insert = connection.prepareStatement(START_NODES)) {
      new Columns<>(connection, insert, 1, starts)
          .uuids(e -> e.start().run().value())
          .integers(e -> e.start().epoch())
          .texts(e -> e.start().node().node().value())
          .texts(e -> e.start().node().item())
          .integers(e -> e.start().attempt())
          .times(e -> e.start().startedAt())
          .uuid(owner);
      written = Fence.written(insert);
    }
    try (PreparedStatement insert = connection.prepareStatement(START_ATTEMPTS)) {
      new Columns<>(connection, insert, 1, starts)
          .uuids(e -> e.start().run().value())
          .integers(e -> e.start().epoch())
          .texts(e -> e.start().node().node().value())
          .texts(e -> e.start().node().item())
          .integers(e -> e.start().attempt())
          .texts(e -> e.start().runtime())
          .times(e -> e.start().startedAt())
          .uuid(owner);
      insert.executeUpdate();
    }
    for (Entry.Start e : starts) {
      tell.add(Fence.answer(e, written.contains(Fence.key(e.start().run(), e.start().node()))));
    }
  }
}
