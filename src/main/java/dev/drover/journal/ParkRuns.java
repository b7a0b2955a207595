package dev.drover.journal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes that runs wait and nobody carries them. */
final class ParkRuns {
  /** A signal that is being written at this moment is waited for, and then seen. */
  private static final String LOCK =
      "select id from run where id = any(?::uuid[]) order by id for no key update";

  private static final String PARK =
      """
      update run r
      set state = case when s.told then 'QUEUED' else 'WAITING' end,
          reason = case when s.told then 'goes on' else e.reason end,
          wake_at = case when s.told then null else e.wake_at end,
          owner = null
      from unnest(?::uuid[], ?::integer[], ?::text[], ?::timestamptz[])
           as e (run, epoch, reason, wake_at)
      cross join lateral (
        select exists (
          select from signal s
          left join node_run n on n.run = s.run and n.node_id = s.node_id and n.item = s.item
          where s.run = e.run and (s.node_id = '' or n.state = 'WAITING')) as told) s
      where r.id = e.run and r.epoch = e.epoch and r.owner = ?
      returning r.id
      """;

  private ParkRuns() {}

  static void add(RoundTrip trip, UUID owner, List<Entry.Park> parks, List<Runnable> news) {
    Set<String> written = new HashSet<>();
    trip.add(LOCK, parks, columns -> columns.uuids(e -> e.run().value()));
    trip.add(
        PARK,
        parks,
        columns ->
            columns
                .uuids(e -> e.run().value())
                .integers(Entry.Park::epoch)
                .texts(Entry.Park::reason)
                .times(e -> e.wakeAt().orElse(null))
                .uuid(owner),
        Fence.into(written));
    parks.forEach(e -> news.add(Fence.answer(e, written, e.run().toString())));
  }
}
