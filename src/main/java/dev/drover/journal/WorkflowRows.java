package dev.drover.journal;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.VersionId;
import dev.drover.run.WorkflowStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The workflows' versions in PostgreSQL. */
public final class WorkflowRows implements WorkflowStore {
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  /** Uses connections of the given database. */
  public WorkflowRows(DataSource database) {
    this.jdbc = JdbcClient.create(database);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
  }

  @Override
  public Saved save(ProjectName project, WorkflowName name, String content, String source) {
    return Objects.requireNonNull(
        transaction.execute(status -> saveLocked(project, name, content, source)));
  }

  private Saved saveLocked(ProjectName project, WorkflowName name, String content, String source) {
    jdbc.sql(
            """
            insert into workflow (project, name, current_version, source)
            values (:project, :name, 0, :source)
            on conflict do nothing
            """)
        .param("project", project.value())
        .param("name", name.value())
        .param("source", source)
        .update();
    String hash = sha256(content);
    Current current = lockCurrent(project, name);
    boolean changed = !current.hash.equals(hash);
    int version = changed ? current.version + 1 : current.version;
    if (changed) {
      insertVersion(new VersionId(project, name, version), content, hash);
    }
    jdbc.sql(
            """
            update workflow set current_version = :version, source = :source, retired = false
            where project = :project and name = :name
            """)
        .param("version", version)
        .param("source", source)
        .param("project", project.value())
        .param("name", name.value())
        .update();
    return new Saved(version, changed);
  }

  private record Current(int version, String hash) {}

  private Current lockCurrent(ProjectName project, WorkflowName name) {
    return jdbc.sql(
            """
            select w.current_version, coalesce(v.hash, '') as hash
            from workflow w
            left join workflow_version v
              on v.project = w.project and v.workflow = w.name and v.version = w.current_version
            where w.project = :project and w.name = :name
            for update of w
            """)
        .param("project", project.value())
        .param("name", name.value())
        .query((row, n) -> new Current(row.getInt("current_version"), row.getString("hash")))
        .single();
  }

  private void insertVersion(VersionId id, String content, String hash) {
    jdbc.sql(
            """
            insert into workflow_version (project, workflow, version, content, hash)
            values (:project, :workflow, :version, :content, :hash)
            """)
        .param("project", id.project().value())
        .param("workflow", id.workflow().value())
        .param("version", id.version())
        .param("content", content)
        .param("hash", hash)
        .update();
  }

  @Override
  public Optional<String> content(VersionId version) {
    return jdbc.sql(
            """
            select content from workflow_version
            where project = :project and workflow = :workflow and version = :version
            """)
        .param("project", version.project().value())
        .param("workflow", version.workflow().value())
        .param("version", version.version())
        .query(String.class)
        .optional();
  }

  @Override
  public List<Stored> active() {
    return jdbc.sql(
            """
            select w.project, w.name, w.current_version, w.source, v.content
            from workflow w
            join workflow_version v
              on v.project = w.project and v.workflow = w.name and v.version = w.current_version
            where not w.retired
            order by w.project, w.name
            """)
        .query(
            (row, n) ->
                new Stored(
                    new VersionId(
                        new ProjectName(row.getString("project")),
                        new WorkflowName(row.getString("name")),
                        row.getInt("current_version")),
                    row.getString("source"),
                    row.getString("content")))
        .list();
  }

  @Override
  public void retire(ProjectName project, String source) {
    jdbc.sql("update workflow set retired = true where project = :project and source = :source")
        .param("project", project.value())
        .param("source", source)
        .update();
  }

  @Override
  public List<Version> versions(ProjectName project, WorkflowName name) {
    return jdbc.sql(
            """
            select version, hash, created_at from workflow_version
            where project = :project and workflow = :workflow
            order by version desc
            """)
        .param("project", project.value())
        .param("workflow", name.value())
        .query(
            (row, n) ->
                new Version(
                    row.getInt("version"),
                    row.getString("hash"),
                    row.getObject("created_at", OffsetDateTime.class).toInstant()))
        .list();
  }

  private static String sha256(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has SHA-256
    }
  }
}
