package dev.drover.journal;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.ClusterQueries;
import dev.drover.run.Journal.WorkflowKey;
import dev.drover.run.VersionId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Counts what is not over. Each statement reads an index that holds nothing else, so that none
 * costs more for what there was before.
 */
public final class ClusterRows implements ClusterQueries {
  private static final int DEADLINE_SECONDS = 5;

  /** Each part reads the index of its state alone. */
  private static final String RUNS =
      """
      select project, state, sum(n)::bigint as n,
             extract(epoch from clock_timestamp() - min(since)) * 1000 as age
      from (
        select project, 'queued' as state, count(*) as n,
               min(created_at) filter (where started_at is null) as since
        from run
        where state = 'QUEUED' and (concurrency_key is null or started_at is not null)
        group by project
        union all
        select project, 'queued', count(*), min(created_at)
        from run
        where concurrency_key is not null and state = 'QUEUED' and started_at is null
        group by project
        union all
        select project, 'running', count(*), min(started_at)
        from run where state = 'RUNNING'
        group by project
        union all
        select project, 'waiting', count(*), min(started_at)
        from run where state = 'WAITING'
        group by project) s
      group by project, state
      """;

  /** The kind comes first: PostgreSQL's operators refuse to look into JSON that holds a NUL. */
  private static final String WAITS =
      """
      select r.project, w.kind, count(*) as n,
             extract(epoch from clock_timestamp() - min(w.started_at)) * 1000 as age
      from (
        select run, started_at, split_part(left(wait::text, 40), '"', 4) as kind
        from node_run
        where state = 'WAITING') w
      join run r on r.id = w.run and r.ended_at is null
      group by r.project, w.kind
      """;

  private static final String EPISODES =
      "select project, count(*) as n from alert_episode where state = 'OPEN' group by project";

  private static final String SPENT =
      """
      select project, workflow, sum(cost) as cost
      from daily_cost
      where day = (clock_timestamp() at time zone 'UTC')::date
      group by project, workflow
      """;

  /**
   * A run that waits is woken by its timeout at the latest, so that it is enough to look whether it
   * was. One that is queued to go on ends as soon as it is taken up: its age in the queue tells.
   * One that undoes what it did, or gets on, is on its way to its end.
   */
  private static final String ENGINE =
      """
      select (select count(*) from server where lease_until > clock_timestamp()) as servers,
             (select count(*) from run r
              where r.state = 'RUNNING'
                and not exists (
                  select from server s
                  where s.id = r.owner and s.lease_until > clock_timestamp())) as unowned,
             (select count(*) from run
              where state = 'WAITING' and wake_at < clock_timestamp() - interval '1 minute')
             + (select count(*)
                from run r
                join unnest(cast(:projects as text[]), cast(:workflows as text[]),
                            cast(:versions as integer[]), cast(:millis as bigint[]))
                  as v (project, workflow, version, millis)
                  on v.project = r.project and v.workflow = r.workflow and v.version = r.version
                where r.state = 'RUNNING'
                  and r.started_at + v.millis * interval '1 millisecond'
                    < clock_timestamp() - interval '1 minute'
                  and not exists (
                    select from attempt a
                    where a.run = r.id and a.state = 'RUNNING' and a.item like '%undo')
                  and not exists (
                    select from node_run n
                    where n.run = r.id
                      and n.ended_at > clock_timestamp() - interval '1 minute')) as overdue,
             d.n as due, d.age
      from (
        select count(*) as n,
               coalesce(extract(epoch from clock_timestamp() - min(execution_time)), 0) * 1000
                 as age
        from timer
        where execution_time <= clock_timestamp() and not picked) d
      """;

  private final JdbcClient jdbc;

  /** Uses connections of the given database. */
  public ClusterRows(DataSource database) {
    JdbcTemplate operations = new JdbcTemplate(database);
    operations.setQueryTimeout(DEADLINE_SECONDS);
    this.jdbc = JdbcClient.create(operations);
  }

  @Override
  public View look(Map<VersionId, Duration> timeouts) {
    return new View(
        jdbc.sql(RUNS).query((row, n) -> amount(row, row.getString("state"))).list(),
        jdbc.sql(WAITS).query((row, n) -> amount(row, row.getString("kind"))).list(),
        episodes(),
        spent(),
        engine(List.copyOf(timeouts.entrySet())));
  }

  private static Amount amount(ResultSet row, String kind) throws SQLException {
    return new Amount(new ProjectName(row.getString("project")), kind, row.getLong("n"), age(row));
  }

  private static Duration age(ResultSet row) throws SQLException {
    return Duration.ofMillis(Math.max(0, row.getLong("age")));
  }

  private Map<ProjectName, Long> episodes() {
    Map<ProjectName, Long> open = new HashMap<>();
    jdbc.sql(EPISODES)
        .query(
            (RowCallbackHandler)
                row -> open.put(new ProjectName(row.getString("project")), row.getLong("n")));
    return open;
  }

  private Map<WorkflowKey, BigDecimal> spent() {
    Map<WorkflowKey, BigDecimal> spent = new HashMap<>();
    jdbc.sql(SPENT)
        .query(
            (RowCallbackHandler)
                row ->
                    spent.put(
                        new WorkflowKey(
                            new ProjectName(row.getString("project")),
                            new WorkflowName(row.getString("workflow"))),
                        row.getBigDecimal("cost")));
    return spent;
  }

  private Engine engine(List<Map.Entry<VersionId, Duration>> timeouts) {
    return jdbc.sql(ENGINE)
        .param("projects", RowArrays.of(timeouts, e -> e.getKey().project()))
        .param("workflows", RowArrays.of(timeouts, e -> e.getKey().workflow()))
        .param("versions", RowArrays.of(timeouts, e -> e.getKey().version()))
        .param("millis", RowArrays.of(timeouts, e -> e.getValue().toMillis()))
        .query(
            (row, n) ->
                new Engine(
                    row.getLong("servers"),
                    row.getLong("unowned"),
                    row.getLong("overdue"),
                    row.getLong("due"),
                    age(row)))
        .single();
  }
}
