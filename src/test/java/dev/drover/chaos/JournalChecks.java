package dev.drover.chaos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What must hold in the journal when everything has come to rest. Each finding begins with a run.
 */
final class JournalChecks {
  private static final String NOT_ENDED =
      """
      select id || ' is ' || state || ': ' || reason from run
      where ended_at is null and not (workflow = 'asked' and state = 'WAITING' and owner is null)
      """;

  private static final String LEASELESS =
      """
      select r.id || ' is RUNNING, and nobody carries it' from run r
      left join server s on s.id = r.owner and s.lease_until > now()
      where r.state = 'RUNNING' and s.id is null
      """;

  private static final String DOUBLE =
      """
      select string_agg(id::text, ' and ') || ' are of one episode of ' || workflow from run
      where trigger->>'type' = 'alert'
      group by workflow, trigger->'alert'->>'episode'
      having count(*) > 1
      """;

  private static final String RUNLESS =
      """
      select e.id || ' is an episode that fired, of ' || (e.labels->>'alertname') || ', without a run'
      from alert_episode e
      where e.firings > 0 and not exists (
        select from run r
        where r.workflow = e.labels->>'alertname' and r.trigger->'alert'->>'episode' = e.id::text)
      """;

  private static final String UNSETTLED =
      """
      select r.id || ' ended as ' || r.state || ', but its node ' || n.node_id || '/' || n.item
             || ' is ' || n.state
      from run r join node_run n on n.run = r.id
      where r.ended_at is not null and n.state in ('PENDING', 'RUNNING', 'WAITING')
      """;

  private static final String UNFINISHED_ATTEMPT =
      """
      select r.id || ' ended as ' || r.state || ', but attempt ' || a.number || ' of ' || a.node_id
             || '/' || a.item || ' is RUNNING'
      from run r join attempt a on a.run = r.id
      where r.ended_at is not null and a.state = 'RUNNING'
      """;

  private static final String BOOKED =
      """
      select coalesce(a.run, c.run) || ' has booked ' || coalesce(c.attempts, 0) || ' attempts for '
             || coalesce(c.cost, 0) || ', and had ' || coalesce(a.attempts, 0) || ' for '
             || coalesce(a.cost, 0)
      from (select run, count(*) as attempts, sum(cost) as cost, sum(execution_ms) as ms
            from attempt where agent is not null and state <> 'RUNNING' group by run) a
      full join run_cost c on c.run = a.run
      where (a.attempts, a.cost, a.ms) is distinct from (c.attempts, c.cost, c.execution_ms)
      """;

  private static final String BOOKED_BY_DAY =
      """
      select 'the runs have cost ' || r.cost || ', their days ' || d.cost
      from (select sum(attempts) as attempts, sum(cost) as cost, sum(execution_ms) as ms
            from run_cost) r,
           (select sum(attempts) as attempts, sum(cost) as cost, sum(execution_ms) as ms
            from daily_cost) d
      where (r.attempts, r.cost, r.ms) is distinct from (d.attempts, d.cost, d.ms)
      """;

  private static final String CHILDREN =
      """
      select string_agg(id::text, ' and ') || ' are children of one node of ' || parent_run
      from run
      where parent_run is not null
      group by parent_run, parent_node, parent_item
      having count(*) > 1
      """;

  private static final String SHARED_SLOT =
      """
      select a.id || ' and ' || b.id || ' had one slot of limited at the same time'
      from run a join run b on a.workflow = b.workflow and a.id <> b.id
      where a.workflow = 'limited' and a.started_at <= b.started_at
        and a.trigger->'alert'->'labels'->>'rack' = b.trigger->'alert'->'labels'->>'rack'
        and b.started_at < a.ended_at - interval '50 ms'
      """;

  private static final String SHORT_WAIT =
      """
      select r.id || ' waited ' || (n.ended_at - n.started_at) || ' instead of 3 s'
      from run r join node_run n on n.run = r.id
      where r.workflow = 'pause' and n.node_id = 'wait' and n.state = 'SUCCEEDED'
        and n.ended_at - n.started_at < interval '2900 ms'
      """;

  private static final String NO_REASON =
      "select id || ' is ' || state || ' and does not say why' from run where reason = ''";

  private static final String QUARANTINE =
      "select id || ' is in quarantine: ' || kind || ' ' || subject || ': ' || reason from quarantine";

  /**
   * The ones that must not have failed, and those whose failure their workflow does not explain.
   */
  private static final String BAD_END =
      """
      select r.id || ' of ' || r.workflow || ' ended as ' || r.state || ': ' || r.reason
      from run r
      where r.ended_at is not null and r.state <> 'SUCCEEDED'
        and not (r.workflow = 'once' and r.state = 'FAILED' and exists (
          select from node_run n
          where n.run = r.id and n.node_id = 'charge' and n.state = 'FAILED'
            and (n.error->>'type' in ('INTERRUPTED', 'LEASE_LOST') or n.run || '/charge' = any(:killed))))
        and not (r.workflow = 'undone' and r.state = 'FAILED' and exists (
          select from node_run n
          where n.run = r.id and n.node_id = 'break' and n.item = '' and n.state = 'FAILED'))
      """;

  private static final String NOT_UNDONE =
      """
      select r.id || ' failed, but what its node work did was not undone'
      from run r join node_run w on w.run = r.id and w.node_id = 'work' and w.item = ''
      where r.workflow = 'undone' and r.ended_at is not null and w.state = 'SUCCEEDED'
        and not exists (
          select from node_run u
          where u.run = r.id and u.node_id = 'work' and u.item = 'undo'
            and (u.state = 'SUCCEEDED' or u.run || '/work/undo' = any(:killed)))
      """;

  private final JdbcClient jdbc;

  JournalChecks(DataSource database) {
    this.jdbc = JdbcClient.create(database);
  }

  /** Runs that are neither over nor waiting for a person. */
  List<String> notEnded() {
    return jdbc.sql(NOT_ENDED).query(String.class).list();
  }

  /** Everything that is wrong, by rule. */
  Map<String, List<String>> findings(Set<String> killed) {
    Map<String, List<String>> findings = new LinkedHashMap<>();
    findings.put("every run has ended, or waits for a person", notEnded());
    findings.put("no run is RUNNING without a live lease", list(LEASELESS));
    findings.put("at most one run for a workflow and an episode", list(DOUBLE));
    findings.put("a run for each episode that fired", list(RUNLESS));
    findings.put("no unsettled node in an ended run", list(UNSETTLED));
    findings.put("no running attempt in an ended run", list(UNFINISHED_ATTEMPT));
    findings.put("every attempt is paid once", list(BOOKED));
    findings.put("runs and days have cost the same", list(BOOKED_BY_DAY));
    findings.put("one child for a node with a sub-workflow", list(CHILDREN));
    findings.put("never more runs of a key than slots", list(SHARED_SLOT));
    findings.put("no wait is cut short", list(SHORT_WAIT));
    findings.put("every run says why it is as it is", list(NO_REASON));
    findings.put("nothing in quarantine", list(QUARANTINE));
    findings.put("runs end as their workflow says", list(BAD_END, killed));
    findings.put("what a failed run did is undone", list(NOT_UNDONE, killed));
    return findings;
  }

  /** Runs by workflow and state, for people. */
  List<String> totals() {
    return jdbc.sql(
            """
            select workflow || ' | ' || state || ' | ' || count(*) || ' | '
                   || max(epoch) || ' | ' || count(*) filter (where epoch > 1)
            from run group by workflow, state order by workflow, state
            """)
        .query(String.class)
        .list();
  }

  /** Keys of the agents' attempts that succeeded. */
  List<String> succeededKeys() {
    return jdbc.sql(
            """
            select run || '/' || node_id || case when item = '' then '' else '/' || item end
            from attempt where state = 'SUCCEEDED' and runtime in ('process', 'sandbox')
            """)
        .query(String.class)
        .list();
  }

  /** All that the journal has about a run. */
  List<String> rows(String run) {
    List<String> rows = new ArrayList<>();
    rows.addAll(rows("select row_to_json(t)::text from run t where id::text = :run", run));
    for (String table : List.of("node_run", "attempt", "signal")) {
      rows.addAll(
          rows("select row_to_json(t)::text from " + table + " t where run::text = :run", run));
    }
    return rows;
  }

  private List<String> rows(String sql, String run) {
    return jdbc.sql(sql).param("run", run).query(String.class).list();
  }

  private List<String> list(String sql) {
    return jdbc.sql(sql).query(String.class).list();
  }

  private List<String> list(String sql, Set<String> killed) {
    return jdbc.sql(sql).param("killed", killed.toArray(String[]::new)).query(String.class).list();
  }
}
