package dev.drover.journal;

import dev.drover.run.Journal.Opened;
import dev.drover.run.RunRequest;
import dev.drover.run.Slot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens runs, once per dedupe key. */
final class OpenRuns {
  /** A run that would begin at once is QUEUED all the same if its workflow is paused. */
  private static final String OPEN =
      """
      insert into run (id, project, workflow, version, dedupe_key, state, reason, owner, epoch,
                       trigger, inputs, created_at, started_at, parent_run, parent_node, parent_item,
                       depth, rerun_of, concurrency_key, concurrency_limit, concurrency_overflow,
                       traceparent, trace_parent, trace_link)
      select e.id, e.project, e.workflow, e.version, e.dedupe_key,
             case when b.begins then 'RUNNING' else 'QUEUED' end,
             case when b.begins then 'in progress' else 'waits for its turn' end,
             case when b.begins then ?::uuid end,
             case when b.begins then 1 else 0 end,
             e.trigger::json, e.inputs::json, coalesce(e.started_at, now()),
             case when b.begins then e.started_at end,
             e.parent_run, e.parent_node, e.parent_item, e.depth, e.rerun_of, e.slot_key,
             e.slot_limit, e.slot_overflow, e.traceparent, e.trace_parent, e.trace_link
      from unnest(?::uuid[], ?::text[], ?::text[], ?::integer[], ?::text[], ?::text[], ?::text[],
                  ?::timestamptz[], ?::uuid[], ?::text[], ?::text[], ?::integer[], ?::uuid[],
                  ?::text[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[])
           as e (id, project, workflow, version, dedupe_key, trigger, inputs, started_at, parent_run,
                 parent_node, parent_item, depth, rerun_of, slot_key, slot_limit, slot_overflow,
                 traceparent, trace_parent, trace_link)
      join workflow w on w.project = e.project and w.name = e.workflow
      cross join lateral (select e.started_at is not null and not w.paused as begins) b
      on conflict (project, dedupe_key) do nothing
      returning id, state = 'RUNNING'
      """;

  /**
   * Of those that were not inserted now: an earlier try may have done so unheard. Only one that
   * nobody has taken up since is this server's to begin with.
   */
  private static final String FIND =
      """
      select id, state = 'RUNNING' and owner = ? and epoch = 1 from run where id = any(?::uuid[])
      """;

  private OpenRuns() {}

  /** Gives the runs that were inserted, and whether they begin at once, when the trip is over. */
  static Map<UUID, Boolean> add(RoundTrip trip, @Nullable UUID owner, List<Entry.Open> opens) {
    Map<UUID, Boolean> opened = new HashMap<>();
    trip.add(
        OPEN,
        opens,
        columns ->
            columns
                .uuid(owner)
                .uuids(e -> e.request().id().value())
                .texts(e -> e.request().project().value())
                .texts(e -> e.request().workflow().value())
                .integers(e -> e.request().version())
                .texts(e -> e.request().dedupeKey())
                .texts(Entry.Open::trigger)
                .texts(Entry.Open::inputs)
                .times(e -> e.startedAt().orElse(null))
                .uuids(e -> parent(e, p -> p.run().value()))
                .texts(e -> parent(e, p -> p.node().node().value()))
                .texts(e -> parent(e, p -> p.node().item()))
                .integers(e -> e.request().parent().map(RunRequest.Parent::depth).orElse(0))
                .uuids(e -> e.request().rerunOf().map(id -> id.value()).orElse(null))
                .texts(e -> slot(e, Slot::key))
                .integers(e -> slot(e, Slot::limit))
                .texts(e -> slot(e, s -> s.overflow().name()))
                .texts(e -> TraceColumns.place(e.request()))
                .texts(e -> TraceColumns.parent(e.request()))
                .texts(e -> TraceColumns.link(e.request())),
        into(opened));
    return opened;
  }

  /** Opens the runs of sub-workflows; their parents hear of them when they end. */
  static void addChildren(RoundTrip trip, List<Entry.Open> children) {
    Map<UUID, Boolean> unused = add(trip, null, children);
  }

  /** Looks for those that were not inserted, and says what became of all of them. */
  static void answer(
      Connection connection,
      UUID owner,
      List<Entry.Open> opens,
      Map<UUID, Boolean> opened,
      List<Runnable> news)
      throws SQLException {
    RoundTrip trip = new RoundTrip();
    trip.add(
        FIND,
        opens.stream().filter(e -> !opened.containsKey(e.request().id().value())).toList(),
        columns -> columns.uuid(owner).uuids(e -> e.request().id().value()),
        into(opened));
    trip.run(connection);
    for (Entry.Open e : opens) {
      Boolean begun = opened.get(e.request().id().value());
      boolean starts = Boolean.TRUE.equals(begun) && e.startedAt().isPresent();
      Opened outcome = begun == null ? Opened.DUPLICATE : starts ? Opened.STARTED : Opened.QUEUED;
      news.add(() -> e.future().complete(outcome));
    }
  }

  private static RoundTrip.Reading into(Map<UUID, Boolean> opened) {
    return rows -> {
      while (rows.next()) {
        opened.put(rows.getObject(1, UUID.class), rows.getBoolean(2));
      }
    };
  }

  private static <T> @Nullable T parent(Entry.Open e, Function<RunRequest.Parent, T> get) {
    return e.request().parent().map(get).orElse(null);
  }

  private static <T> @Nullable T slot(Entry.Open e, Function<Slot, T> get) {
    return e.request().slot().map(get).orElse(null);
  }
}
