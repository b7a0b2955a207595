package dev.drover.journal;

import dev.drover.run.Wait;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

  /**
   * Of those that wait for an end of alerts: which of them are over already. They hear the same as
   * those that waited when the last of them ended, times written alike. A run that repeats an old
   * one can have outlived its episodes: how those ended is not known any more.
   */
  private static final String TELL_RESOLVED =
      """
      insert into signal (run, node_id, item, kind, data)
      select n.run, n.node_id, n.item, 'RESOLVED',
             json_strip_nulls(json_build_object(
               'resolved', o.resolved,
               'at', regexp_replace(
                       to_char(case when o.resolved then coalesce(o.at, now()) else now() end
                                 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                       '(\\.000)?000Z$', 'Z'),
               'expired', case when not o.resolved then true end))
      from unnest(?::uuid[], ?::text[], ?::text[]) as n (run, node_id, item)
      cross join lateral (
        select coalesce(bool_and(e.state = 'RESOLVED'), false) as resolved, max(e.ends_at) as at
        from run_episode re
        left join alert_episode e on e.id = re.episode
        where re.run = n.run
        having count(*) > 0 and coalesce(bool_and(e.state <> 'OPEN'), true)) o
      on conflict on constraint signal_uq do nothing
      """;

  /**
   * An earlier child's end says nothing of this wait. A wait that is written again, as its commit
   * went unheard, forgets nothing: it may have been answered meanwhile.
   */
  private static final String FORGET_SIGNALS =
      """
      delete from signal s
      using unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::text[])
           as e (run, epoch, node_id, item, child)
      join run r on r.id = e.run and r.epoch = e.epoch and r.owner = ?
      where s.run = e.run and s.node_id = e.node_id and s.item = e.item
        and s.kind = 'CHILD_ENDED'
        and not starts_with(s.data::text, '{"run":"' || coalesce(e.child, '') || '"')
      """;

  private AwaitNodes() {}

  /** Whether more is to be written than can be said before it is known what was accepted. */
  static boolean isPlain(Entry.Await e) {
    return e.child().isEmpty() && !isForResolved(e);
  }

  /** To be added before anything else is locked. */
  static void lockEpisodes(RoundTrip trip, List<Entry.Await> waits) {
    trip.add(
        LOCK_EPISODES,
        waits.stream().filter(AwaitNodes::isForResolved).toList(),
        columns -> columns.uuids(e -> e.waiting().run().value()));
  }

  /** Gives the keys of those that are written, which it knows when the round trip is over. */
  static Set<String> add(RoundTrip trip, UUID owner, List<Entry.Await> waits, List<Runnable> news) {
    Set<String> written = new HashSet<>();
    trip.add(
        AWAIT,
        waits,
        columns ->
            items(columns)
                .integers(e -> e.waiting().attempts())
                .texts(Entry.Await::what)
                .times(e -> e.waiting().what().until().orElse(null))
                .texts(e -> "waits " + e.waiting().what().words())
                .times(e -> e.waiting().startedAt())
                .uuid(owner),
        Fence.into(written));
    trip.add(FORGET_SIGNALS, waits, columns -> items(columns).texts(AwaitNodes::child).uuid(owner));
    waits.forEach(e -> news.add(Fence.answer(e, written, key(e))));
    return written;
  }

  private static Columns<Entry.Await> items(Columns<Entry.Await> columns) throws SQLException {
    return columns
        .uuids(e -> e.waiting().run().value())
        .integers(e -> e.waiting().epoch())
        .texts(e -> e.waiting().node().node().value())
        .texts(e -> e.waiting().node().item());
  }

  private static @Nullable String child(Entry.Await e) {
    return e.waiting().what() instanceof Wait.Child child ? child.run().toString() : null;
  }

  /** Adds what follows from those that are written, for the same transaction. */
  static void follow(RoundTrip trip, List<Entry.Await> waits, Set<String> written) {
    List<Entry.Await> mine = waits.stream().filter(e -> written.contains(key(e))).toList();
    OpenRuns.addChildren(trip, mine.stream().flatMap(e -> e.child().stream()).toList());
    trip.add(
        TELL_RESOLVED,
        mine.stream().filter(AwaitNodes::isForResolved).toList(),
        columns ->
            columns
                .uuids(e -> e.waiting().run().value())
                .texts(e -> e.waiting().node().node().value())
                .texts(e -> e.waiting().node().item()));
  }

  private static String key(Entry.Await e) {
    return Fence.key(e.waiting().run(), e.waiting().node());
  }

  private static boolean isForResolved(Entry.Await e) {
    return e.waiting().what() instanceof Wait.Resolved;
  }
}
