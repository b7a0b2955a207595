package dev.drover.journal;

import dev.drover.name.NodeId;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.Signal;
import dev.drover.workflow.Trigger.OnResolved;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tells runs that none of the alerts that they were opened for fires any more, inside the
 * transaction in which the last of their episodes ends.
 */
final class ResolvedRuns {
  private static final String TOO_LATE = "the alert was resolved before its turn came";
  private static final String RESOLVED = "its alert was resolved";

  /**
   * Locked before it is judged which are over: of two transactions that end the last two episodes
   * of a run, the second one sees what the first did.
   */
  private static final String LOCK =
      """
      select r.id from run r
      where r.id in (select run from run_episode where episode = any(cast(:episodes as uuid[])))
        and r.ended_at is null
      order by r.id
      for no key update of r
      """;

  private static final String OVER =
      """
      select r.id, r.project, r.workflow, r.version, r.on_resolved,
             r.traceparent, r.trace_parent, r.trace_link, r.state = 'QUEUED' and r.started_at is null as fresh,
             bool_and(e.state = 'RESOLVED') as resolved, max(e.ends_at) as at
      from run r
      join run_episode re on re.run = r.id
      join alert_episode e on e.id = re.episode
      where r.id = any(cast(:runs as uuid[])) and r.ended_at is null
      group by r.id
      having bool_and(e.state <> 'OPEN')
      """;

  private static final String DROP =
      """
      update run
      set state = 'CANCELLED', reason = :reason, ended_at = :now, owner = null
      where id = any(cast(:runs as uuid[]))
      """;

  private static final String WAITING =
      """
      select run, node_id, item from node_run
      where run = any(cast(:runs as uuid[])) and state = 'WAITING'
        and starts_with(wait::text, '{"kind":"resolved"')
      """;

  private final JdbcOperations operations;
  private final JdbcClient jdbc;

  ResolvedRuns(JdbcOperations operations) {
    this.operations = operations;
    this.jdbc = JdbcClient.create(operations);
  }

  /**
   * Tells the runs of episodes that are over since just now.
   *
   * @return those that need not start any more, and have ended
   */
  List<RunEvent.Subject> tell(Collection<UUID> episodes, Instant now) {
    if (episodes.isEmpty()) {
      return List.of();
    }
    List<UUID> touched =
        jdbc.sql(LOCK)
            .param("episodes", episodes.stream().map(UUID::toString).toArray(String[]::new))
            .query(UUID.class)
            .list();
    List<Over> over = touched.isEmpty() ? List.of() : over(touched);
    List<Over> drop = over.stream().filter(run -> run.cancel() && run.fresh).toList();
    if (!drop.isEmpty()) {
      jdbc.sql(DROP)
          .param("reason", TOO_LATE)
          .param("now", RowArrays.time(now))
          .param("runs", RowArrays.of(drop, Over::run))
          .update();
    }
    send(over.stream().filter(run -> !run.fresh).toList(), now);
    return drop.stream().map(Over::subject).toList();
  }

  /** Lets a listener hear of what was dropped, after that is durable. */
  static void tell(RunListener listener, List<RunEvent.Subject> dropped, Instant now) {
    dropped.forEach(run -> listener.on(RunEvent.Ended.unbegun(run, now)));
  }

  private List<Over> over(List<UUID> runs) {
    return jdbc.sql(OVER)
        .param("runs", RowArrays.of(runs, id -> id))
        .query((row, n) -> Over.of(row))
        .list();
  }

  private void send(List<Over> runs, Instant now) {
    List<Signal> signals = new ArrayList<>();
    Map<UUID, Over> going = new HashMap<>();
    for (Over run : runs) {
      if (run.cancel()) {
        signals.add(Signal.toRun(run.run(), Signal.Kind.CANCEL, Map.of("reason", RESOLVED)));
      } else {
        going.put(run.run().value(), run);
      }
    }
    if (!going.isEmpty()) {
      jdbc.sql(WAITING)
          .param("runs", RowArrays.of(List.copyOf(going.keySet()), id -> id))
          .query(
              row -> {
                Over run = going.get(row.getObject("run", UUID.class));
                if (run != null) {
                  signals.add(resolved(run, row, now));
                }
              });
    }
    operations.execute(
        (ConnectionCallback<@Nullable Void>)
            (Connection connection) -> {
              Signals.send(connection, signals);
              return null;
            });
  }

  private static Signal resolved(Over run, ResultSet row, Instant now) throws SQLException {
    Map<String, Object> data = new HashMap<>();
    data.put("resolved", run.resolved);
    data.put("at", (run.resolved && run.at != null ? run.at : now).toString());
    if (!run.resolved) {
      data.put("expired", true);
    }
    return new Signal(
        run.run(),
        Optional.of(new NodeId(row.getString("node_id"))),
        row.getString("item"),
        Signal.Kind.RESOLVED,
        data);
  }

  /**
   * A run whose alerts are over.
   *
   * @param fresh whether it has not started
   * @param resolved whether all were resolved; else some only expired, and may fire unheard
   * @param at the last end; null if none is known
   */
  private record Over(
      RunEvent.Subject subject,
      OnResolved onResolved,
      boolean fresh,
      boolean resolved,
      @Nullable Instant at) {
    static Over of(ResultSet row) throws SQLException {
      String word = row.getString("on_resolved");
      OffsetDateTime at = row.getObject("at", OffsetDateTime.class);
      return new Over(
          TraceColumns.subject(row, "id"),
          word == null ? OnResolved.CONTINUE : OnResolved.valueOf(word),
          row.getBoolean("fresh"),
          row.getBoolean("resolved"),
          at == null ? null : at.toInstant());
    }

    RunId run() {
      return subject.run();
    }

    boolean cancel() {
      return onResolved == OnResolved.CANCEL && resolved;
    }
  }
}
