package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What people did, and when: decisions, cancels, re-runs, pauses. */
public final class Audit {
  // Pages go backwards: the first is of what is before every id.
  private static final UUID LAST = new UUID(-1, -1);

  private final JdbcClient jdbc;
  private final Supplier<UUID> ids;

  /**
   * Uses connections of the given database; within a transaction of Spring's, its connection.
   *
   * @param ids gives UUIDs version 7, whose order is the order of time
   */
  public Audit(DataSource database, Supplier<UUID> ids) {
    this.jdbc = JdbcClient.create(database);
    this.ids = ids;
  }

  /**
   * A deed.
   *
   * @param detail JSON text; null where there is nothing more to say
   */
  public record Deed(
      UUID id, Instant at, String who, String action, String subject, @Nullable String detail) {}

  /**
   * Notes a deed.
   *
   * @param who the name that the person gave, or the credential's
   * @param action a word, such as {@code pause}
   * @param subject what it was done to, such as a run's id
   * @param detail JSON values; empty where there is nothing more to say
   */
  public void add(
      ProjectName project, String who, String action, String subject, Map<String, ?> detail) {
    jdbc.sql(
            """
            insert into audit (id, project, who, action, subject, detail)
            values (:id, :project, :who, :action, :subject, cast(:detail as json))
            """)
        .param("id", ids.get())
        .param("project", project.value())
        .param("who", RowArrays.text(who))
        .param("action", RowArrays.text(action))
        .param("subject", RowArrays.text(subject))
        .param("detail", detail.isEmpty() ? null : Json.print(detail))
        .update();
  }

  /**
   * The deeds in a project, newest first.
   *
   * @param after from behind this one on; null: from the newest on
   */
  public List<Deed> list(ProjectName project, int limit, @Nullable UUID after) {
    return jdbc.sql(
            """
            select id, at, who, action, subject, detail
            from audit
            where project = :project and id < :after
            order by id desc
            limit :limit
            """)
        .param("project", project.value())
        .param("after", after == null ? LAST : after)
        .param("limit", limit)
        .query(Audit::deed)
        .list();
  }

  private static Deed deed(ResultSet row, int number) throws SQLException {
    return new Deed(
        row.getObject("id", UUID.class),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getString("who"),
        row.getString("action"),
        row.getString("subject"),
        row.getString("detail"));
  }
}
