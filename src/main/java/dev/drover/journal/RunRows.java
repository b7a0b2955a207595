package dev.drover.journal;

import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import dev.drover.run.RunQueries;
import dev.drover.run.RunState;
import dev.drover.run.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
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
  private final JdbcClient jdbc;

  /** Uses connections of the given database. */
  public RunRows(DataSource database) {
    this.jdbc = JdbcClient.create(database);
  }

  @Override
  public List<RunView> list(Filter filter, int limit, Optional<RunId> after) {
    return jdbc.sql(
            """
            select id, project, workflow, version, state, reason, trigger, inputs, outputs, error,
                   created_at, started_at, ended_at
            from run
            where project = :project
              and (:workflow::text is null or workflow = :workflow)
              and (:state::text is null or state = :state)
              and (:after::uuid is null or id < :after)
            order by id desc
            limit :limit
            """)
        .param("project", filter.project().value())
        .param("workflow", filter.workflow().map(WorkflowName::value).orElse(null))
        .param("state", filter.state().map(RunState::name).orElse(null))
        .param("after", after.map(RunId::value).orElse(null))
        .param("limit", limit)
        .query((row, n) -> run(row))
        .list();
  }

  @Override
  public Optional<RunView> find(ProjectName project, RunId id) {
    return jdbc.sql(
            """
            select id, project, workflow, version, state, reason, trigger, inputs, outputs, error,
                   created_at, started_at, ended_at
            from run
            where id = :id and project = :project
            """)
        .param("id", id.value())
        .param("project", project.value())
        .query((row, n) -> run(row))
        .optional();
  }

  @Override
  public List<NodeView> nodes(RunId id) {
    return jdbc.sql(
            """
            select node_id, item, state, attempts, output, error, reason, wait, wake_at, started_at,
                   ended_at
            from node_run
            where run = :run
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
                    time(row, "ended_at")))
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

  private static RunView run(ResultSet row) throws SQLException {
    return new RunView(
        new RunId(row.getObject("id", UUID.class)),
        new VersionId(
            new ProjectName(row.getString("project")),
            new WorkflowName(row.getString("workflow")),
            row.getInt("version")),
        RunState.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getString("trigger"),
        row.getString("inputs"),
        row.getString("outputs"),
        row.getString("error"),
        Objects.requireNonNull(time(row, "created_at")),
        time(row, "started_at"),
        time(row, "ended_at"));
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
