package dev.drover.journal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes the outcomes of nodes. */
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
      using unnest(?::uuid[], ?::integer[], ?::text[], ?::text[]) as e (run, epoch, node_id, item)
      join run r on r.id = e.run and r.epoch = e.epoch and r.owner = ?
      where s.run = e.run and s.node_id = e.node_id and s.item = e.item
      """;

  private SettleNodes() {}

  static void add(RoundTrip trip, UUID owner, List<Entry.Settle> settles, List<Runnable> news) {
    Set<String> written = new HashSet<>();
    trip.add(
        SETTLE_NODES,
        settles,
        columns ->
            columns
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
                .uuid(owner),
        Fence.into(written));
    trip.add(
        FORGET_SIGNALS,
        settles.stream().filter(e -> e.settled().waited()).toList(),
        columns ->
            columns
                .uuids(e -> e.settled().run().value())
                .integers(e -> e.settled().epoch())
                .texts(e -> e.settled().node().node().value())
                .texts(e -> e.settled().node().item())
                .uuid(owner));
    for (Entry.Settle e : settles) {
      news.add(Fence.answer(e, written, Fence.key(e.settled().run(), e.settled().node())));
    }
  }
}
