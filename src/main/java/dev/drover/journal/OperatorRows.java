package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.OperatorQueries;
import dev.drover.run.RunId;
import dev.drover.run.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads out of the journal what is no run and whoever operates Drover asks for. */
public final class OperatorRows implements OperatorQueries {
  private final JdbcClient jdbc;
  private final Quarantine quarantine;
  private final Audit audit;

  /** Uses connections of the given database. */
  public OperatorRows(DataSource database, Quarantine quarantine, Audit audit) {
    this.jdbc = JdbcClient.create(database);
    this.quarantine = quarantine;
    this.audit = audit;
  }

  @Override
  public List<ApprovalView> approvals(ProjectName project, int limit, Optional<NodeOfRun> after) {
    return jdbc.sql(
            """
            select n.run, n.node_id, r.project, r.workflow, r.version, n.wait, n.started_at, n.wake_at
            from node_run n
            join run r on r.id = n.run
            where n.state = 'WAITING' and r.project = :project and starts_with(n.wait::text, '{"kind":"approval"')
              and (:run::uuid is null or (n.run, n.node_id) < (:run::uuid, :node::text))
              and not exists (
                select from signal s
                where s.run = n.run and s.node_id = n.node_id and s.item = n.item
                  and s.kind in ('APPROVED', 'REJECTED'))
            order by n.run desc, n.node_id desc
            limit :limit
            """)
        .param("project", project.value())
        .param("run", after.map(a -> a.run().value()).orElse(null))
        .param("node", after.map(a -> a.node().value()).orElse(null))
        .param("limit", limit)
        .query((row, n) -> approval(row))
        .list();
  }

  private static ApprovalView approval(ResultSet row) throws SQLException {
    Object message = Json.asObject(Json.parseTrusted(row.getString("wait"))).get("message");
    return new ApprovalView(
        new NodeOfRun(
            new RunId(row.getObject("run", UUID.class)), new NodeId(row.getString("node_id"))),
        new VersionId(
            new ProjectName(row.getString("project")),
            new WorkflowName(row.getString("workflow")),
            row.getInt("version")),
        String.valueOf(message),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        time(row, "wake_at"));
  }

  @Override
  public List<SetAsideView> quarantine(ProjectName project, int limit, Optional<UUID> after) {
    return quarantine.list(project, limit, after.orElse(null)).stream()
        .map(
            i ->
                new SetAsideView(
                    i.id(), i.at(), i.project(), i.kind(), i.subject(), i.reason(), i.raw()))
        .toList();
  }

  @Override
  public List<DeedView> audit(ProjectName project, int limit, Optional<UUID> after) {
    return audit.list(project, limit, after.orElse(null)).stream()
        .map(d -> new DeedView(d.id(), d.at(), d.who(), d.action(), d.subject(), d.detail()))
        .toList();
  }

  @Override
  public List<ServerView> servers() {
    return jdbc.sql(
            """
            select s.id, s.name, s.started_at, s.lease_until,
                   s.lease_until > clock_timestamp() as alive,
                   (select count(*) from run r where r.owner = s.id and r.state = 'RUNNING')
                     as in_flight
            from server s
            order by s.started_at, s.id
            """)
        .query(
            (row, n) ->
                new ServerView(
                    row.getObject("id", UUID.class),
                    row.getString("name"),
                    row.getObject("started_at", OffsetDateTime.class).toInstant(),
                    row.getObject("lease_until", OffsetDateTime.class).toInstant(),
                    row.getBoolean("alive"),
                    row.getLong("in_flight")))
        .list();
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
