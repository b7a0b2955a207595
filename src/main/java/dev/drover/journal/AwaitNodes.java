package dev.drover.journal;

import dev.drover.run.Wait;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes that nodes wait, and what for. */
final class AwaitNodes {
  /**
   * Before anything else of the transaction is locked, as a delivery does: whoever resolves an
   * alert sees the node that waits for that, or is seen by it.
   */
  private static final String LOCK_EPISODES =
      """
      select e.id
      from run_episode re
      join alert_episode e on e.id = re.episode
      where re.run = any(?::uuid[])
      order by e.id
      for share of e
      """;

  private static final String AWAIT =
      """
      insert into node_run (run, node_id, item, state, attempts, wait, wake_at, reason, started_at)
      select e.run, e.node_id, e.item, 'WAITING', e.attempts, e.wait::json, e.wake_at, e.reason,
             e.started_at
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::integer[], ?::text[],
                  ?::timestamptz[], ?::text[], ?::timestamptz[])
           as e (run, epoch, node_id, item, attempts, wait, wake_at, reason, started_at)
      join run r on r.id = e.run and r.epoch = e.epoch and r.owner = ?
      on conflict (run, node_id, item) do update
        set state = excluded.state, attempts = excluded.attempts, wait = excluded.wait,
            wake_at = excluded.wake_at, reason = excluded.reason,
            started_at = coalesce(node_run.started_at, excluded.started_at)
      returning run, node_id, item
      """;

  /** Of those that wait for an end of alerts: which of them are over already. */
  private static final String TELL_RESOLVED =
      """
      insert into signal (run, node_id, item, kind, data)
      select n.run, n.node_id, n.item, 'RESOLVED',
             json_build_object('resolved', o.resolved, 'at', o.at)
      from unnest(?::uuid[], ?::text[], ?::text[]) as n (run, node_id, item)
      cross join lateral (
        select bool_and(e.state = 'RESOLVED') as resolved, max(e.ends_at) as at
        from run_episode re
        join alert_episode e on e.id = re.episode
        where re.run = n.run
        having count(*) > 0 and bool_and(e.state <> 'OPEN')) o
      on conflict on constraint signal_uq do nothing
      """;

  private AwaitNodes() {}

  static void lockEpisodes(Connection connection, List<Entry.Await> waits) throws SQLException {
    List<Entry.Await> resolved = forResolved(waits);
    if (resolved.isEmpty()) {
      return;
    }
    try (PreparedStatement lock = connection.prepareStatement(LOCK_EPISODES)) {
      new Columns<>(connection, lock, 1, resolved).uuids(e -> e.waiting().run().value());
      lock.execute();
    }
  }

  static void write(Connection connection, UUID owner, List<Entry.Await> waits, List<Runnable> tell)
      throws SQLException {
    if (waits.isEmpty()) {
      return;
    }
    Set<String> written;
    try (PreparedStatement insert = connection.prepareStatement(AWAIT)) {
      new Columns<>(connection, insert, 1, waits)
          .uuids(e -> e.waiting().run().value())
          .integers(e -> e.waiting().epoch())
          .texts(e -> e.waiting().node().node().value())
          .texts(e -> e.waiting().node().item())
          .integers(e -> e.waiting().attempts())
          .texts(Entry.Await::what)
          .times(e -> e.waiting().what().until().orElse(null))
          .texts(e -> "waits " + e.waiting().what().words())
          .times(e -> e.waiting().startedAt())
          .uuid(owner);
      written = Fence.written(insert);
    }
    List<Entry.Await> mine = waits.stream().filter(e -> isWritten(e, written)).toList();
    OpenRuns.insertChildren(connection, mine.stream().flatMap(e -> e.child().stream()).toList());
    EndAttempts.write(
        connection, owner, mine.stream().flatMap(e -> EndAttempts.Ended.of(e).stream()).toList());
    tellResolved(connection, forResolved(mine));
    waits.forEach(e -> tell.add(Fence.answer(e, isWritten(e, written))));
  }

  private static boolean isWritten(Entry.Await e, Set<String> written) {
    return written.contains(Fence.key(e.waiting().run(), e.waiting().node()));
  }

  private static List<Entry.Await> forResolved(List<Entry.Await> waits) {
    return waits.stream().filter(e -> e.waiting().what() instanceof Wait.Resolved).toList();
  }

  private static void tellResolved(Connection connection, List<Entry.Await> resolved)
      throws SQLException {
    if (resolved.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(TELL_RESOLVED)) {
      new Columns<>(connection, insert, 1, resolved)
          .uuids(e -> e.waiting().run().value())
          .texts(e -> e.waiting().node().node().value())
          .texts(e -> e.waiting().node().item());
      insert.executeUpdate();
    }
  }
}
