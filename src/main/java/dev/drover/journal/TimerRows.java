package dev.drover.journal;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The rows of the scheduler's table, changed beside the scheduler: it can't compare what it has
 * with what is wanted, nor set rows aside. Each change raises the row's version, so that an
 * execution under way does not undo it.
 */
public final class TimerRows {
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Quarantine quarantine;

  /** Uses connections of the given database. */
  public TimerRows(DataSource database) {
    this.jdbc = JdbcClient.create(database);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.quarantine = new Quarantine(database);
  }

  /**
   * A timer.
   *
   * @param data what the task keeps, as text
   * @param time null: it never comes
   * @param stuck it is taken by a server whose death could never be noticed
   * @param version of the row
   */
  public record Timer(
      String instance, String data, @Nullable Instant time, boolean stuck, long version) {}

  /**
   * A timer as it should be.
   *
   * @param workflowVersion that asks for it
   * @param seen the version of the row that was found; 0: there was none
   */
  public record Wanted(
      String instance,
      ProjectName project,
      WorkflowName workflow,
      int workflowVersion,
      String data,
      Instant time,
      long seen) {}

  /**
   * A timer that nothing asks for.
   *
   * @param workflowVersion the one in force here; 0: none
   */
  public record Unwanted(
      String instance, ProjectName project, WorkflowName workflow, int workflowVersion) {}

  /** The timers of a task. */
  public List<Timer> list(String task, Instant now) {
    return jdbc.sql(
            """
            select task_instance, task_data, execution_time, version,
                   picked and (last_heartbeat is null or last_heartbeat > :soon) as stuck
            from timer
            where task_name = :task
            """)
        .param("task", task)
        .param("soon", RowArrays.time(now.plusSeconds(3600)))
        .query((row, n) -> timer(row))
        .list();
  }

  private static Timer timer(ResultSet row) throws SQLException {
    OffsetDateTime time = row.getObject("execution_time", OffsetDateTime.class);
    return new Timer(
        row.getString("task_instance"),
        text(row.getBytes("task_data")),
        time == null ? null : time.toInstant(),
        row.getBoolean("stuck"),
        row.getLong("version"));
  }

  private static String text(byte @Nullable [] data) {
    return data == null ? "" : new String(data, StandardCharsets.UTF_8);
  }

  /**
   * Writes timers that are not there or are otherwise. A server that has not heard yet that a
   * workflow was changed, and one whose view of the row is old, change nothing.
   */
  public void put(String task, List<Wanted> wanted) {
    jdbc.sql(
            """
            insert into timer as t (task_name, task_instance, task_data, execution_time, picked,
                                    version)
            select :task, w.instance, convert_to(w.data, 'UTF8'), w.time, false, w.seen + 1
            from unnest(cast(:instances as text[]), cast(:projects as text[]),
                        cast(:workflows as text[]), cast(:versions as integer[]),
                        cast(:data as text[]), cast(:times as timestamptz[]),
                        cast(:seen as bigint[]))
              as w (instance, project, workflow, version, data, time, seen)
            join workflow f on f.project = w.project and f.name = w.workflow
              and f.current_version = w.version and not f.retired
            on conflict on constraint timer_pk do update
            set task_data = excluded.task_data, execution_time = excluded.execution_time,
                picked = false, picked_by = null, last_heartbeat = null, consecutive_failures = 0,
                version = excluded.version
            where t.version = excluded.version - 1
            """)
        .param("task", task)
        .param("instances", RowArrays.of(wanted, Wanted::instance))
        .param("projects", RowArrays.of(wanted, Wanted::project))
        .param("workflows", RowArrays.of(wanted, Wanted::workflow))
        .param("versions", RowArrays.of(wanted, Wanted::workflowVersion))
        .param("data", RowArrays.of(wanted, Wanted::data))
        .param("times", RowArrays.of(wanted, Wanted::time))
        .param("seen", RowArrays.of(wanted, Wanted::seen))
        .update();
  }

  /** Removes timers, unless another version is current, of which this server has not heard yet. */
  public void remove(String task, List<Unwanted> unwanted) {
    jdbc.sql(
            """
            delete from timer t
            using unnest(cast(:instances as text[]), cast(:projects as text[]),
                         cast(:workflows as text[]), cast(:versions as integer[]))
              as u (instance, project, workflow, version)
            where t.task_name = :task and t.task_instance = u.instance
              and not exists (
                select 1 from workflow f
                where f.project = u.project and f.name = u.workflow
                  and not f.retired and f.current_version <> u.version)
            """)
        .param("task", task)
        .param("instances", RowArrays.of(unwanted, Unwanted::instance))
        .param("projects", RowArrays.of(unwanted, Unwanted::project))
        .param("workflows", RowArrays.of(unwanted, Unwanted::workflow))
        .param("versions", RowArrays.of(unwanted, Unwanted::workflowVersion))
        .update();
  }

  /** Sets a timer aside: it is in the quarantine then, and not among the timers any more. */
  public void setAside(String task, String instance, String reason) {
    transaction.executeWithoutResult(
        status ->
            jdbc.sql(
                    """
                    delete from timer where task_name = :task and task_instance = :instance
                    returning task_name, task_instance, task_data
                    """)
                .param("task", task)
                .param("instance", instance)
                .query((row, n) -> new Gone(row))
                .list()
                .forEach(gone -> note(gone, reason)));
  }

  /**
   * Sets aside what is overdue and what no server executes: nobody knows its task.
   *
   * @param known the tasks that this server knows
   * @param overdue what was due before; a server with more tasks would have executed it
   */
  public void setUnknownAside(Collection<String> known, Instant overdue) {
    transaction.executeWithoutResult(
        status ->
            jdbc.sql(
                    """
                    delete from timer
                    where task_name <> all(:known)
                      and (execution_time is null or execution_time < :overdue)
                      and (not picked or last_heartbeat is null or last_heartbeat < :overdue)
                    returning task_name, task_instance, task_data
                    """)
                .param("known", known.toArray(String[]::new))
                .param("overdue", RowArrays.time(overdue))
                .query((row, n) -> new Gone(row))
                .list()
                .forEach(gone -> note(gone, "no server knows the task \"" + gone.task + "\"")));
  }

  private record Gone(String task, String instance, String data) {
    Gone(ResultSet row) throws SQLException {
      this(
          row.getString("task_name"),
          row.getString("task_instance"),
          text(row.getBytes("task_data")));
    }
  }

  private void note(Gone gone, String reason) {
    String subject = gone.task + " " + gone.instance;
    quarantine.add(Quarantine.Kind.TIMER, project(gone.instance), subject, reason, gone.data);
  }

  /** Timers of a project's workflows begin with its name. */
  private static @Nullable ProjectName project(String instance) {
    String first = instance.substring(0, Math.max(0, instance.indexOf('/')));
    return ProjectName.isValid(first) ? new ProjectName(first) : null;
  }

  /** Makes a task's one timer come, if it is not there, or would never or only much later. */
  public void ensure(String task, String instance, Instant now, Instant latest) {
    jdbc.sql(
            """
            insert into timer as t (task_name, task_instance, execution_time, picked, version)
            values (:task, :instance, :now, false, 1)
            on conflict on constraint timer_pk do update
            set execution_time = excluded.execution_time, picked = false, picked_by = null,
                last_heartbeat = null, version = t.version + 1
            where t.execution_time is null or t.execution_time > :latest
               or t.picked and (t.last_heartbeat is null or t.last_heartbeat > :latest)
            """)
        .param("task", task)
        .param("instance", instance)
        .param("now", RowArrays.time(now))
        .param("latest", RowArrays.time(latest))
        .update();
  }
}
