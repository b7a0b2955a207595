package dev.drover.journal;

import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import dev.drover.run.RunQueries;
import dev.drover.run.RunState;
import dev.drover.run.Slot;
import dev.drover.run.TraceParent;
import dev.drover.run.Usage;
import dev.drover.run.VersionId;
import dev.drover.workflow.Concurrency;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads runs out of the journal. */
public final class RunRows implements RunQueries {
  /** A run that has not begun waits for its workflow, if that is paused, whatever was written. */
  private static final String RUN =
      """
      select r.id, r.project, r.workflow, r.version, r.state, r.trigger, r.inputs, r.outputs,
             r.error, r.created_at, r.started_at, r.ended_at, r.parent_run, r.parent_node,
             r.parent_item, r.rerun_of, r.concurrency_key, r.concurrency_limit,
             r.concurrency_overflow, r.traceparent, c.execution_ms, c.cost,
             case when r.state = 'QUEUED' and r.started_at is null and w.paused
                  then 'its workflow is paused' else r.reason end as reason
      from run r
      left join workflow w on w.project = r.project and w.name = r.workflow
      left join run_cost c on c.run = r.id""";

  private final JdbcClient jdbc;

  /** Uses connections of the given database. */
  public RunRows(DataSource database) {
    this.jdbc = JdbcClient.create(database);
  }

  @Override
  public List<RunView> list(Filter filter, int limit, Optional<RunId> after) {
    return jdbc.sql(
            """
            %s
            where r.project = :project
              and (:workflow::text is null or r.workflow = :workflow)
              and (:state::text is null or r.state = :state)
              and (:parent::uuid is null or r.parent_run = :parent)
              and (:after::uuid is null or r.id < :after)
            order by r.id desc
            limit :limit
            """
                .formatted(RUN))
        .param("project", filter.project().value())
        .param("workflow", filter.workflow().map(WorkflowName::value).orElse(null))
        .param("state", filter.state().map(RunState::name).orElse(null))
        .param("parent", filter.parent().map(RunId::value).orElse(null))
        .param("after", after.map(RunId::value).orElse(null))
        .param("limit", limit)
        .query((row, n) -> run(row))
        .list();
  }

  @Override
  public Optional<RunView> find(ProjectName project, RunId id) {
    return jdbc.sql(
            """
            %s
            where r.id = :id and r.project = :project
            """
                .formatted(RUN))
        .param("id", id.value())
        .param("project", project.value())
        .query((row, n) -> run(row))
        .optional();
  }

  @Override
  public List<NodeView> nodes(RunId id) {
    return jdbc.sql(
            """
            select n.node_id, n.item, n.state, n.attempts, n.output, n.error, n.reason, n.wait,
                   n.wake_at, n.started_at, n.ended_at, a.execution_ms, a.cost
            from node_run n
            left join (select node_id, item, sum(execution_ms) as execution_ms, sum(cost) as cost
                       from attempt
                       where run = :run
                       group by node_id, item) a
              on a.node_id = n.node_id and a.item = n.item
            where n.run = :run
            """)
        .param("run", id.value())
        .query(
            (row, n) ->
                new NodeView(
                    new NodeItem(new NodeId(row.getString("node_id")), row.getString("item")),
                    NodeState.valueOf(row.getString("state")),
                    row.getInt("attempts"),
                    row.getString("output"),
                    row.getString("error"),
                    row.getString("reason"),
                    row.getString("wait"),
                    time(row, "wake_at"),
                    time(row, "started_at"),
                    time(row, "ended_at"),
                    usage(row)))
        .list();
  }

  @Override
  public List<LogView> log(RunId id, NodeItem node, LogPosition after, int limit) {
    return jdbc.sql(
            """
            select attempt, line, at, text
            from agent_log
            where run = :run and node_id = :node and item = :item and (attempt, line) > (:attempt, :line)
            order by attempt, line
            limit :limit
            """)
        .param("run", id.value())
        .param("node", node.node().value())
        .param("item", node.item())
        .param("attempt", after.attempt())
        .param("line", after.line())
        .param("limit", limit)
        .query(
            (row, n) ->
                new LogView(
                    new LogPosition(row.getInt("attempt"), row.getInt("line")),
                    Objects.requireNonNull(time(row, "at")),
                    row.getString("text")))
        .list();
  }

  @Override
  public List<AttemptView> attempts(RunId id, NodeItem node, int after, int limit) {
    return jdbc.sql(
            """
            select number, runtime, state, exit_code, error, started_at, ended_at, agent,
                   execution_ms, cost
            from attempt
            where run = :run and node_id = :node and item = :item and number > :after
            order by number
            limit :limit
            """)
        .param("run", id.value())
        .param("node", node.node().value())
        .param("item", node.item())
        .param("after", after)
        .param("limit", limit)
        .query(
            (row, n) ->
                new AttemptView(
                    row.getInt("number"),
                    row.getString("runtime"),
                    NodeState.valueOf(row.getString("state")),
                    row.getObject("exit_code", Integer.class),
                    row.getString("error"),
                    Objects.requireNonNull(time(row, "started_at")),
                    time(row, "ended_at"),
                    row.getString("agent"),
                    row.getBigDecimal("cost") == null ? null : usage(row)))
        .list();
  }

  @Override
  public List<RelativeView> children(RunId id, int limit) {
    return relatives("parent_run", id, limit);
  }

  @Override
  public List<RelativeView> reruns(RunId id, int limit) {
    return relatives("rerun_of", id, limit);
  }

  private List<RelativeView> relatives(String column, RunId id, int limit) {
    return jdbc.sql(
            """
            select id, project, workflow, version, state, parent_node, parent_item
            from run
            where %s = :id
            order by id
            limit :limit
            """
                .formatted(column))
        .param("id", id.value())
        .param("limit", limit)
        .query(
            (row, n) ->
                new RelativeView(
                    runId(row, "id"),
                    version(row),
                    RunState.valueOf(row.getString("state")),
                    parentNode(row)))
        .list();
  }

  private static RunView run(ResultSet row) throws SQLException {
    return new RunView(
        runId(row, "id"),
        version(row),
        RunState.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getString("trigger"),
        row.getString("inputs"),
        row.getString("outputs"),
        row.getString("error"),
        Objects.requireNonNull(time(row, "created_at")),
        time(row, "started_at"),
        time(row, "ended_at"),
        usage(row),
        new Origin(
            row.getString("parent_run") == null ? null : runId(row, "parent_run"),
            parentNode(row),
            row.getString("rerun_of") == null ? null : runId(row, "rerun_of"),
            slot(row)),
        trace(row));
  }

  private static Optional<TraceParent> trace(ResultSet row) throws SQLException {
    return Optional.ofNullable(row.getString("traceparent"))
        .flatMap(TraceParent::of)
        .filter(TraceParent::sampled);
  }

  /** What is not there is nothing. */
  static Usage usage(ResultSet row) throws SQLException {
    BigDecimal cost = row.getBigDecimal("cost");
    return cost == null
        ? Usage.NONE
        : new Usage(Duration.ofMillis(row.getLong("execution_ms")), cost);
  }

  private static VersionId version(ResultSet row) throws SQLException {
    return new VersionId(
        new ProjectName(row.getString("project")),
        new WorkflowName(row.getString("workflow")),
        row.getInt("version"));
  }

  private static RunId runId(ResultSet row, String column) throws SQLException {
    return new RunId(row.getObject(column, UUID.class));
  }

  private static @Nullable NodeItem parentNode(ResultSet row) throws SQLException {
    String node = row.getString("parent_node");
    return node == null ? null : new NodeItem(new NodeId(node), row.getString("parent_item"));
  }

  private static @Nullable Slot slot(ResultSet row) throws SQLException {
    String key = row.getString("concurrency_key");
    return key == null
        ? null
        : new Slot(
            key,
            row.getInt("concurrency_limit"),
            Concurrency.Overflow.valueOf(row.getString("concurrency_overflow")));
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
