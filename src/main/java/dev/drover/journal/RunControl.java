package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.run.Interventions;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.RunState;
import dev.drover.run.Signal;
import dev.drover.run.Slot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What people do to runs, in PostgreSQL: each deed, its signal and its record are one. */
public final class RunControl implements Interventions {
  private static final String NOBODY = "unnamed";

  private final JdbcTemplate template;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final ApprovalRows approvals;
  private final Audit audit;
  private final Clock clock;

  /**
   * Uses connections of the given database.
   *
   * @param audit works on the same database
   */
  public RunControl(DataSource database, Audit audit, Clock clock) {
    this.template = new JdbcTemplate(database);
    this.jdbc = JdbcClient.create(template);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.approvals = new ApprovalRows(jdbc);
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public Result cancel(
      ProjectName project, RunId run, Optional<String> by, Optional<String> reason) {
    return inTransaction(
        () -> {
          Optional<Row> found = lock(project, run);
          if (found.isEmpty()) {
            return new Result.Unknown();
          } else if (found.get().isEnded()) {
            return found.get().ended();
          }
          Map<String, Object> data = new LinkedHashMap<>();
          reason.ifPresent(text -> data.put("reason", text));
          Map<String, Object> detail = new LinkedHashMap<>(data);
          by.ifPresent(name -> data.put("by", name));
          send(Signal.toRun(run, Signal.Kind.CANCEL, data));
          note(project, new Deed(by, "cancel", run.toString(), detail));
          return done(project, run);
        });
  }

  @Override
  public Result decide(ProjectName project, RunId run, NodeId node, Verdict verdict) {
    return inTransaction(
        () -> {
          // The node before its run, which is the order in which outcomes and ends are written.
          Optional<ApprovalRows.Waiting> waiting = approvals.lock(run, node);
          Optional<Row> found = lock(project, run);
          if (found.isEmpty()) {
            return new Result.Unknown();
          }
          Optional<Result> obstacle = approvals.obstacle(run, node, waiting);
          if (obstacle.isPresent()) {
            return obstacle.get();
          } else if (found.get().isEnded()) {
            return found.get().ended();
          }
          send(answer(run, node, verdict));
          Map<String, Object> detail = new LinkedHashMap<>();
          verdict.comment().ifPresent(text -> detail.put("comment", text));
          String action = verdict.approved() ? "approve" : "reject";
          note(project, new Deed(Optional.of(verdict.by()), action, run + "/" + node, detail));
          return done(project, run);
        });
  }

  private Signal answer(RunId run, NodeId node, Verdict verdict) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("by", verdict.by());
    verdict.comment().ifPresent(text -> data.put("comment", text));
    data.put("at", clock.instant().toString());
    Signal.Kind kind = verdict.approved() ? Signal.Kind.APPROVED : Signal.Kind.REJECTED;
    return new Signal(run, Optional.of(node), "", kind, data);
  }

  @Override
  public Result rerun(RunRequest request, List<NodeId> kept, Deed deed) {
    RunId earlier = request.rerunOf().orElseThrow();
    return inTransaction(
        () -> {
          Optional<Row> found = lock(request.project(), earlier);
          if (found.isEmpty()) {
            return new Result.Unknown();
          } else if (!found.get().isEnded()) {
            String why = "run " + earlier + " has not ended: it is " + found.get().state;
            return new Result.Refused(why, Map.of("state", found.get().state.name()));
          }
          Optional<RunId> other = unended(earlier);
          if (other.isPresent()) {
            String why = "run " + earlier + " is being repeated by run " + other.get();
            return new Result.Refused(why, Map.of("run", other.get().toString()));
          }
          insert(request, earlier);
          copy(request.id(), earlier, kept);
          note(request.project(), deed);
          return new Result.Done(subject(request), RunState.QUEUED);
        });
  }

  @Override
  public void note(ProjectName project, Deed deed) {
    audit.add(project, deed.by().orElse(NOBODY), deed.action(), deed.subject(), deed.detail());
  }

  private static RunEvent.Subject subject(RunRequest request) {
    return new RunEvent.Subject(request.id(), request.versionId(), request.trace());
  }

  private Result inTransaction(Supplier<Result> work) {
    return Objects.requireNonNull(transaction.execute(status -> work.get()));
  }

  private record Row(RunEvent.Subject run, RunState state, String reason, boolean isEnded) {
    static Row of(ResultSet row) throws SQLException {
      return new Row(
          TraceColumns.subject(row, "id"),
          RunState.valueOf(row.getString("state")),
          row.getString("reason"),
          row.getBoolean("ended"));
    }

    Result.Refused ended() {
      return new Result.Refused(
          "the run has ended as " + state + ": " + reason, Map.of("state", state.name()));
    }
  }

  private Optional<Row> lock(ProjectName project, RunId run) {
    return jdbc.sql(
            """
            select id, project, workflow, version, state, reason, ended_at is not null as ended,
                   traceparent, trace_parent, trace_link
            from run
            where id = :id and project = :project
            for no key update
            """)
        .param("id", run.value())
        .param("project", project.value())
        .query((row, n) -> Row.of(row))
        .optional();
  }

  /** As it is now, in the same transaction. */
  private Result done(ProjectName project, RunId run) {
    Row row = lock(project, run).orElseThrow();
    return new Result.Done(row.run, row.state);
  }

  private void send(Signal signal) {
    template.execute(
        (ConnectionCallback<@Nullable Object>)
            connection -> {
              Signals.send(connection, List.of(signal));
              return null;
            });
  }

  private Optional<RunId> unended(RunId earlier) {
    return jdbc.sql("select id from run where rerun_of = :run and ended_at is null limit 1")
        .param("run", earlier.value())
        .query((row, n) -> new RunId(row.getObject("id", UUID.class)))
        .optional();
  }

  private void insert(RunRequest request, RunId earlier) {
    jdbc.sql(
            """
            insert into run (id, project, workflow, version, dedupe_key, state, reason, trigger,
                             inputs, rerun_of, on_resolved, concurrency_key, concurrency_limit,
                             concurrency_overflow, traceparent, trace_parent, trace_link)
            select :id, r.project, r.workflow, :version, :key, 'QUEUED', 'waits for its turn',
                   r.trigger, cast(:inputs as json), r.id, r.on_resolved, :slotKey,
                   cast(:slotLimit as integer), :slotOverflow, :trace, :traceParent,
                   case when cast(:trace as text) is not null then r.traceparent end
            from run r
            where r.id = :earlier
            """)
        .param("id", request.id().value())
        .param("version", request.version())
        .param("key", request.dedupeKey())
        .param("inputs", Json.print(request.inputs()))
        .param("slotKey", RowArrays.text(request.slot().map(Slot::key).orElse(null)))
        .param("slotLimit", request.slot().map(Slot::limit).orElse(null))
        .param("slotOverflow", request.slot().map(slot -> slot.overflow().name()).orElse(null))
        .param("trace", TraceColumns.place(request))
        .param("traceParent", TraceColumns.parent(request))
        .param("earlier", earlier.value())
        .update();
  }

  private void copy(RunId run, RunId earlier, List<NodeId> kept) {
    jdbc.sql(
            """
            insert into node_run (run, node_id, item, state, attempts, output, error, reason,
                                  started_at, ended_at)
            select :run, n.node_id, n.item, n.state, n.attempts, n.output, n.error,
                   coalesce(n.reason, 'kept from run ' || n.run), n.started_at, n.ended_at
            from node_run n
            where n.run = :earlier and n.node_id = any(:kept) and n.state in ('SUCCEEDED', 'SKIPPED')
            """)
        .param("run", run.value())
        .param("earlier", earlier.value())
        .param("kept", kept.stream().map(NodeId::value).toArray(String[]::new))
        .update();
    ArtifactRows.keep(jdbc, run, earlier, kept);
    // What waits for the end of its alerts waits for those of the earlier run.
    jdbc.sql(
            """
            insert into run_episode (episode, run)
            select episode, :run from run_episode where run = :earlier
            """)
        .param("run", run.value())
        .param("earlier", earlier.value())
        .update();
  }
}
