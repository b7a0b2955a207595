package dev.drover.journal;

import dev.drover.artifact.Artifact;
import dev.drover.artifact.ArtifactIndex;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the journal knows of artifacts. */
public final class ArtifactRows implements ArtifactIndex {
  private static final String COLUMNS =
      """
      a.id, a.project, a.run, a.node_id, a.item, a.attempt, a.name, a.media_type, a.size, a.sha256,
      a.created_at""";

  /** Whether it is of the attempt whose output counts. */
  private static final String COUNTS =
      """
      exists (select 1 from node_run n
              where n.run = a.run and n.node_id = a.node_id and n.item = a.item
                and n.state = 'SUCCEEDED' and n.attempts = a.attempt)""";

  private final JdbcClient jdbc;

  /** Uses connections of the given database. */
  public ArtifactRows(DataSource database) {
    this.jdbc = JdbcClient.create(database);
  }

  @Override
  public void add(Artifact artifact) {
    jdbc.sql(
            """
            insert into artifact (id, project, run, node_id, item, attempt, name, media_type, size,
                                  sha256, created_at)
            values (:id, :project, :run, :node, :item, :attempt, :name, :type, :size, :sha256, :at)
            """)
        .param("id", artifact.id())
        .param("project", artifact.project().value())
        .param("run", artifact.run().value())
        .param("node", artifact.node().node().value())
        .param("item", artifact.node().item())
        .param("attempt", artifact.attempt())
        .param("name", artifact.name())
        .param("type", artifact.mediaType())
        .param("size", artifact.size())
        .param("sha256", artifact.sha256())
        .param("at", RowArrays.time(artifact.createdAt()))
        .update();
  }

  @Override
  public Optional<Artifact> find(ProjectName project, UUID id) {
    return jdbc.sql(
            "select %s from artifact a where a.id = :id and a.project = :project"
                .formatted(COLUMNS))
        .param("id", id)
        .param("project", project.value())
        .query((row, n) -> artifact(row))
        .optional();
  }

  /** A run whose row is gone still is the first of its family: those behind it name it. */
  @Override
  public Optional<Artifact> readable(ProjectName project, RunId by, UUID id) {
    return jdbc.sql(
            """
            with recursive owner as (
              select a.run from artifact a where a.id = :id
              union
              select k.run from artifact_kept k where k.artifact = :id
            ), line as (
              select s.run as start, s.run as id, 0 as depth
              from (select run from owner union select cast(:run as uuid)) s
              union all
              select l.start, coalesce(r.parent_run, r.rerun_of), l.depth + 1
              from line l
              join run r on r.id = l.id
              where coalesce(r.parent_run, r.rerun_of) is not null and l.depth < 1000
            ), first as (
              select distinct on (start) start, id from line order by start, depth desc
            )
            select %s
            from artifact a
            where a.id = :id and a.project = :project
              and exists (select 1
                          from owner o
                          join first theirs on theirs.start = o.run
                          join first ours on ours.id = theirs.id and ours.start = :run)
            """
                .formatted(COLUMNS))
        .param("id", id)
        .param("project", project.value())
        .param("run", by.value())
        .query((row, n) -> artifact(row))
        .optional();
  }

  @Override
  public List<Artifact> of(RunId run, int limit, Optional<UUID> after) {
    return jdbc.sql(
            """
            select * from (
              select %1$s from artifact a
              where a.run = :run and (:after::uuid is null or a.id > :after) and %2$s
              union
              select %1$s from artifact_kept k join artifact a on a.id = k.artifact
              where k.run = :run and (:after::uuid is null or a.id > :after)
            ) as a
            order by a.id
            limit :limit
            """
                .formatted(COLUMNS, COUNTS))
        .param("run", run.value())
        .param("after", after.orElse(null))
        .param("limit", limit)
        .query((row, n) -> artifact(row))
        .list();
  }

  @Override
  public List<Artifact> garbage(Instant before, UUID after, int limit) {
    return jdbc.sql(
            """
            select %s
            from artifact a
            left join run r on r.id = a.run
            where a.id > :after and a.created_at < :before
              and not exists (select 1 from artifact_kept k where k.artifact = a.id)
              and (r.id is null or (r.ended_at is not null and not %s))
            order by a.id
            limit :limit
            """
                .formatted(COLUMNS, COUNTS))
        .param("after", after)
        .param("before", RowArrays.time(before))
        .param("limit", limit)
        .query((row, n) -> artifact(row))
        .list();
  }

  @Override
  public void forget(Collection<UUID> ids) {
    jdbc.sql("delete from artifact where id = any(:ids)")
        .param("ids", ids.toArray(UUID[]::new))
        .update();
  }

  /**
   * Has a run that repeats another keep what outputs refer to that it has kept: files of these
   * nodes, of the runs below them, and what the earlier run itself had kept.
   */
  static void keep(JdbcClient jdbc, RunId run, RunId earlier, List<NodeId> nodes) {
    jdbc.sql(
            """
            with recursive below as (
              select r.id from run r where r.parent_run = :earlier and r.parent_node = any(:nodes)
              union
              select r.id from run r join below b on r.parent_run = b.id
            )
            insert into artifact_kept (run, artifact)
            select :run, a.id from artifact a
            where a.run = :earlier and a.node_id = any(:nodes) and %1$s
            union
            select :run, a.id from artifact a join below b on a.run = b.id where %1$s
            union
            select :run, k.artifact from artifact_kept k
            where k.run = :earlier or k.run in (select id from below)
            """
                .formatted(COUNTS))
        .param("run", run.value())
        .param("earlier", earlier.value())
        .param("nodes", nodes.stream().map(NodeId::value).toArray(String[]::new))
        .update();
  }

  private static Artifact artifact(ResultSet row) throws SQLException {
    return new Artifact(
        row.getObject("id", UUID.class),
        new ProjectName(row.getString("project")),
        new RunId(row.getObject("run", UUID.class)),
        new NodeItem(new NodeId(row.getString("node_id")), row.getString("item")),
        row.getInt("attempt"),
        row.getString("name"),
        row.getString("media_type"),
        row.getLong("size"),
        row.getString("sha256"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
