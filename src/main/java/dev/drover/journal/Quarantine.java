package dev.drover.journal;

import dev.drover.name.ProjectName;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What could not be read and was set aside, so that all else goes on. The same thing with the same
 * reason is noted once, however many servers stumble over it and however often.
 */
public final class Quarantine {
  private static final int LONGEST_RAW = 64 << 10;
  private static final int LONGEST_REASON = 4 << 10;

  private static final String ADD =
      """
      insert into quarantine (id, project, kind, subject, reason, raw)
      values (?, ?, ?, ?, ?, ?)
      on conflict on constraint quarantine_pk do nothing
      """;

  private final JdbcTemplate template;
  private final JdbcClient jdbc;

  /** Uses connections of the given database; within a transaction of Spring's, its connection. */
  public Quarantine(DataSource database) {
    this.template = new JdbcTemplate(database);
    this.jdbc = JdbcClient.create(template);
  }

  /** What kind of thing was set aside. */
  public enum Kind {
    RUN,
    WORKFLOW,
    TIMER,
    SIGNAL,
    DELIVERY;

    /** As it is stored and shown. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A thing that was set aside.
   *
   * @param project null where it is of no project, or nobody can tell
   * @param raw what could not be read; null where there is nothing more than the subject
   */
  public record Item(
      UUID id,
      Instant at,
      @Nullable String project,
      String kind,
      String subject,
      String reason,
      @Nullable String raw) {}

  /**
   * Notes a thing.
   *
   * @param subject which one it is, such as a run's id or a workflow's version
   * @param reason why it can't be read, in words a person can act on
   * @param raw kept up to {@value #LONGEST_RAW} characters
   */
  public void add(
      Kind kind,
      @Nullable ProjectName project,
      String subject,
      String reason,
      @Nullable String raw) {
    template.execute(
        (ConnectionCallback<@Nullable Object>)
            connection -> {
              add(connection, kind, project, subject, reason, raw);
              return null;
            });
  }

  /**
   * Notes a thing within the transaction that sets it aside.
   *
   * @throws SQLException as the connection does; the transaction must then be rolled back
   */
  public static void add(
      Connection connection,
      Kind kind,
      @Nullable ProjectName project,
      String subject,
      String reason,
      @Nullable String raw)
      throws SQLException {
    String owner = project == null ? null : project.value();
    String words = cut(reason, LONGEST_REASON);
    String content = raw == null ? null : cut(raw, LONGEST_RAW);
    try (PreparedStatement insert = connection.prepareStatement(ADD)) {
      insert.setObject(1, id(kind, owner, subject, words, content));
      insert.setString(2, owner);
      insert.setString(3, kind.word());
      insert.setString(4, cut(subject, LONGEST_REASON));
      insert.setString(5, words);
      insert.setString(6, content);
      insert.executeUpdate();
    }
  }

  /** Of the content, so that the same thing is the same row. */
  private static UUID id(
      Kind kind, @Nullable String project, String subject, String reason, @Nullable String raw) {
    String all = String.join("\0", kind.word(), String.valueOf(project), subject, reason);
    return UUID.nameUUIDFromBytes((all + "\0" + raw).getBytes(StandardCharsets.UTF_8));
  }

  private static String cut(String text, int longest) {
    String storable = text.replace('\0', '\u2400');
    return storable.length() <= longest ? storable : storable.substring(0, longest);
  }

  /**
   * What was set aside, newest first.
   *
   * @param project only what is of this project, of the default one also what is of none; null:
   *     everything
   * @param after from behind this one on; null: from the newest on
   */
  public List<Item> list(@Nullable ProjectName project, int limit, @Nullable UUID after) {
    return jdbc.sql(
            """
            select id, at, project, kind, subject, reason, raw
            from quarantine
            where (:project::text is null or coalesce(project, 'default') = :project)
              and (:after::uuid is null
                   or (at, id) < (select q.at, q.id from quarantine q where q.id = :after))
            order by at desc, id desc
            limit :limit
            """)
        .param("project", project == null ? null : project.value())
        .param("after", after)
        .param("limit", limit)
        .query(Quarantine::item)
        .list();
  }

  private static Item item(ResultSet row, int number) throws SQLException {
    return new Item(
        row.getObject("id", UUID.class),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getString("project"),
        row.getString("kind"),
        row.getString("subject"),
        row.getString("reason"),
        row.getString("raw"));
  }
}
