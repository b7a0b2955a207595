package dev.drover.journal;

import dev.drover.alert.WantedRun;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.Slot;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes the runs that alerts ask for as QUEUED, each key once. Used inside the transaction of what
 * opens them.
 */
final class QueuedRuns {
  private static final int PART = 200;

  private final JdbcClient jdbc;

  QueuedRuns(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The runs that are new: those whose key no run of their project had. */
  Set<RunId> insert(List<WantedRun> runs, Optional<UUID> owner, String reason, Instant now) {
    Set<RunId> inserted = new HashSet<>();
    RowArrays.inParts(runs, PART, part -> inserted.addAll(insertPart(part, owner, reason, now)));
    return inserted;
  }

  private List<RunId> insertPart(
      List<WantedRun> wanted, Optional<UUID> owner, String reason, Instant now) {
    List<RunRequest> runs = wanted.stream().map(WantedRun::request).toList();
    return jdbc.sql(
            """
            insert into run (id, project, workflow, version, dedupe_key, state, reason, owner, epoch,
                             trigger, inputs, on_resolved, concurrency_key, concurrency_limit,
                             concurrency_overflow, created_at, traceparent, trace_parent,
                             trace_link)
            select r.id, r.project, r.workflow, r.version, r.dedupe_key, 'QUEUED', :reason,
                   cast(:owner as uuid), 0, r.trigger, r.inputs, r.on_resolved, r.slot_key,
                   r.slot_limit, r.slot_overflow, :now, r.traceparent, r.trace_parent,
                   r.trace_link
            from unnest(cast(:ids as uuid[]), cast(:projects as text[]), cast(:workflows as text[]),
                        cast(:versions as integer[]), cast(:keys as text[]),
                        cast(:triggers as json[]), cast(:inputs as json[]),
                        cast(:onResolved as text[]), cast(:slotKeys as text[]),
                        cast(:slotLimits as integer[]), cast(:slotOverflows as text[]),
                        cast(:traces as text[]), cast(:traceParents as text[]),
                        cast(:traceLinks as text[]))
              as r (id, project, workflow, version, dedupe_key, trigger, inputs, on_resolved,
                    slot_key, slot_limit, slot_overflow, traceparent, trace_parent, trace_link)
            on conflict on constraint run_dedupe_uq do nothing
            returning id
            """)
        .param("ids", RowArrays.of(runs, RunRequest::id))
        .param("projects", RowArrays.of(runs, RunRequest::project))
        .param("workflows", RowArrays.of(runs, RunRequest::workflow))
        .param("versions", RowArrays.of(runs, RunRequest::version))
        .param("keys", RowArrays.of(runs, RunRequest::dedupeKey))
        .param("triggers", RowArrays.json(runs, RunRequest::trigger))
        .param("inputs", RowArrays.json(runs, RunRequest::inputs))
        .param("onResolved", RowArrays.of(wanted, WantedRun::onResolved))
        .param("slotKeys", slots(runs, slot -> RowArrays.text(slot.key())))
        .param("slotLimits", slots(runs, Slot::limit))
        .param("slotOverflows", slots(runs, Slot::overflow))
        .param("traces", RowArrays.of(runs, TraceColumns::place))
        .param("traceParents", RowArrays.of(runs, TraceColumns::parent))
        .param("traceLinks", RowArrays.of(runs, TraceColumns::link))
        .param("owner", owner.map(UUID::toString).orElse(null))
        .param("reason", RowArrays.text(reason))
        .param("now", RowArrays.time(now))
        .query((row, n) -> new RunId(row.getObject("id", UUID.class)))
        .list();
  }

  private static @Nullable String[] slots(
      List<RunRequest> runs, Function<Slot, @Nullable Object> value) {
    return RowArrays.of(runs, run -> run.slot().map(value).orElse(null));
  }
}
