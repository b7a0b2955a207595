package dev.drover.journal;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.VersionId;
import dev.drover.run.WorkflowStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The workflows' versions in PostgreSQL. */
public final class WorkflowRows implements WorkflowStore {
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Quarantine quarantine;

  /** Uses connections of the given database. */
  public WorkflowRows(DataSource database) {
    this.jdbc = JdbcClient.create(database);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.quarantine = new Quarantine(database);
  }

  @Override
  public Saved save(
      ProjectName project, WorkflowName name, String content, String source, IntConsumer deploy) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              // Deploying a large graph may take longer than others may stand still.
              jdbc.sql("set local idle_in_transaction_session_timeout = 0").update();
              insert(project, name, source);
              Saved saved = saveLocked(project, name, content, source);
              deploy.accept(saved.version());
              return saved;
            }));
  }

  private void insert(ProjectName project, WorkflowName name, String source) {
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
  }

  private Saved saveLocked(ProjectName project, WorkflowName name, String content, String source) {
    Current current = lock(project, name);
    String hash = sha256(content);
    boolean changed = !hash.equals(hash(new VersionId(project, name, current.version)));
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
    return new Saved(version, changed, current.paused);
  }

  private record Current(int version, boolean paused) {}

  private Current lock(ProjectName project, WorkflowName name) {
    return jdbc.sql(
            """
            select current_version, paused from workflow
            where project = :project and name = :name
            for update
            """)
        .param("project", project.value())
        .param("name", name.value())
        .query((row, n) -> new Current(row.getInt("current_version"), row.getBoolean("paused")))
        .single();
  }

  /**
   * Asked behind the lock, in a statement of its own: one that waited for the lock would see the
   * versions as they were before it waited.
   */
  private String hash(VersionId id) {
    return jdbc.sql(
            """
            select hash from workflow_version
            where project = :project and workflow = :workflow and version = :version
            """)
        .param("project", id.project().value())
        .param("workflow", id.workflow().value())
        .param("version", id.version())
        .query(String.class)
        .optional()
        .orElse("");
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
    Map<String, String> odd = new TreeMap<>();
    List<Optional<Stored>> rows =
        jdbc.sql(
                """
                select w.project, w.name, w.current_version, w.source, w.paused, v.content
                from workflow w
                join workflow_version v
                  on v.project = w.project and v.workflow = w.name and v.version = w.current_version
                where not w.retired
                order by w.project, w.name
                """)
            .query((row, n) -> stored(row, odd))
            .list();
    odd.forEach((name, why) -> quarantine.add(Quarantine.Kind.WORKFLOW, null, name, why, null));
    return rows.stream().flatMap(Optional::stream).toList();
  }

  private static Optional<Stored> stored(ResultSet row, Map<String, String> odd)
      throws SQLException {
    try {
      VersionId version = version(row);
      String content = row.getString("content");
      return Optional.of(
          new Stored(version, row.getString("source"), row.getBoolean("paused"), content));
    } catch (IllegalArgumentException e) { // a name that breaks the rules; the others count
      odd.put(row.getString("project") + "/" + row.getString("name"), e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public List<Head> heads() {
    return jdbc
        .sql(
            """
            select project, name, current_version, source, retired, paused
            from workflow
            """)
        .query((row, n) -> head(row))
        .list()
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Head> head(ResultSet row) throws SQLException {
    try {
      VersionId version = version(row);
      boolean retired = row.getBoolean("retired");
      return Optional.of(
          new Head(version, row.getString("source"), retired, row.getBoolean("paused")));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // noted when the server started
    }
  }

  private static VersionId version(ResultSet row) throws SQLException {
    return new VersionId(
        new ProjectName(row.getString("project")),
        new WorkflowName(row.getString("name")),
        row.getInt("current_version"));
  }

  @Override
  public void retire(ProjectName project, String source) {
    jdbc.sql("update workflow set retired = true where project = :project and source = :source")
        .param("project", project.value())
        .param("source", source)
        .update();
  }

  @Override
  public boolean pause(ProjectName project, WorkflowName name, boolean paused) {
    int changed =
        jdbc.sql(
                """
                update workflow set paused = :paused
                where project = :project and name = :name and (not retired or not :paused)
                """)
            .param("paused", paused)
            .param("project", project.value())
            .param("name", name.value())
            .update();
    return changed == 1;
  }

  @Override
  public void setAside(VersionId version, String reason) {
    String content = content(version).orElse("");
    quarantine.add(
        Quarantine.Kind.WORKFLOW, version.project(), version.toString(), reason, content);
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
