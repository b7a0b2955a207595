package dev.drover.journal;

import dev.drover.run.Journal.Terms;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
      insert into attempt (run, node_id, item, number, runtime, state, started_at, agent,
                           per_minute, per_attempt, time_limit_ms)
      select e.run, e.node_id, e.item, e.number, e.runtime, 'RUNNING', e.at, e.agent,
             e.per_minute::numeric, e.per_attempt::numeric, e.time_limit_ms
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::text[], ?::integer[], ?::text[],
                  ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::bigint[])
           as e (run, epoch, node_id, item, number, runtime, at, agent, per_minute, per_attempt,
                 time_limit_ms)
      join run r on r.id = e.run and r.epoch = e.epoch and r.owner = ?
      on conflict (run, node_id, item, number) do nothing
      """;

  private StartAttempts() {}

  static void add(RoundTrip trip, UUID owner, List<Entry.Start> starts, List<Runnable> news) {
    Set<String> written = new HashSet<>();
    trip.add(
        START_NODES,
        starts,
        columns ->
            columns
                .uuids(e -> e.start().run().value())
                .integers(e -> e.start().epoch())
                .texts(e -> e.start().node().node().value())
                .texts(e -> e.start().node().item())
                .integers(e -> e.start().attempt())
                .times(e -> e.start().startedAt())
                .uuid(owner),
        Fence.into(written));
    trip.add(
        START_ATTEMPTS,
        starts,
        columns ->
            columns
                .uuids(e -> e.start().run().value())
                .integers(e -> e.start().epoch())
                .texts(e -> e.start().node().node().value())
                .texts(e -> e.start().node().item())
                .integers(e -> e.start().attempt())
                .texts(e -> e.start().runtime())
                .times(e -> e.start().startedAt())
                .texts(e -> of(e, Terms::agent))
                .texts(e -> of(e, terms -> terms.perMinute().toPlainString()))
                .texts(e -> of(e, terms -> terms.perAttempt().toPlainString()))
                .longs(e -> of(e, terms -> terms.timeout().toMillis()))
                .uuid(owner));
    for (Entry.Start e : starts) {
      news.add(Fence.answer(e, written, Fence.key(e.start().run(), e.start().node())));
    }
  }

  private static <T> @Nullable T of(Entry.Start e, Function<Terms, T> term) {
    return e.start().agent().map(term).orElse(null);
  }
}
