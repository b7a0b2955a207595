package dev.drover.journal;

import dev.drover.alert.Alert;
import dev.drover.alert.AlertStatus;
import dev.drover.alert.AlertStore.DeliveryFilter;
import dev.drover.alert.Delivery;
import dev.drover.alert.Episode;
import dev.drover.alert.EpisodeState;
import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements that read alerts. */
final class AlertReads {
  private static final String EPISODE =
      """
      select id, source, identity, state, labels, annotations, generator_url, receiver, starts_at,
             ends_at, opened_at, last_seen_at, firings, matched, delivery
      from alert_episode
      """;

  private static final String DELIVERY =
      """
      select d.id, d.source, d.receiver, d.received_at, d.alerts, d.outcomes, d.unreadable,
             d.refused, (select count(*) from alert_episode e
                         where e.project = d.project and e.delivery = d.id
                           and not e.matched and e.firings > 0 and e.state = 'OPEN') as replayable
      from delivery d
      where d.project = :project and d.id < :after
      """;

  private static final String UNMATCHED =
      """
        and d.id in (select e.delivery from alert_episode e
                     where e.project = :project and not e.matched and e.firings > 0)
      """;

  /** Stands in for a body that was not kept. */
  static final String NO_BODY = "{\"alerts\":[]}";

  // Pages go backwards: the first is of what is before every id.
  private static final UUID LAST = new UUID(-1, -1);

  private final JdbcClient jdbc;

  AlertReads(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  boolean exists(ProjectName project) {
    return jdbc.sql("select 1 from project where name = :name")
        .param("name", project.value())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /** The body of a delivery, {@link #NO_BODY} where it was not kept; empty if there is none. */
  Optional<String> body(ProjectName project, UUID delivery) {
    return jdbc.sql(
            """
            select coalesce(body, :none) from delivery
            where project = :project and id = :id
            """)
        .param("none", NO_BODY)
        .param("project", project.value())
        .param("id", delivery)
        .query(String.class)
        .optional();
  }

  /** The episodes of a delivery that still fire and that no workflow wanted. */
  List<Episode> unmatched(ProjectName project, UUID delivery) {
    return jdbc.sql(
            EPISODE
                + """
                where project = :project and delivery = :delivery
                  and not matched and firings > 0 and state = 'OPEN'
                order by id
                """)
        .param("project", project.value())
        .param("delivery", delivery)
        .query(AlertReads::episode)
        .list();
  }

  /** Those of some episodes that still fire, oldest first. */
  List<Episode> open(List<UUID> ids) {
    return jdbc.sql(
            EPISODE + " where id = any(cast(:ids as uuid[])) and state = 'OPEN' order by id")
        .param("ids", RowArrays.of(ids, id -> id))
        .query(AlertReads::episode)
        .list();
  }

  List<Episode> episodes(
      ProjectName project, @Nullable EpisodeState state, int limit, @Nullable UUID after) {
    String ofState = state == null ? "" : " and state = '" + state.name() + "'";
    return jdbc.sql(
            EPISODE
                + " where project = :project and id < :after"
                + ofState
                + " order by id desc limit :limit")
        .param("project", project.value())
        .param("after", after == null ? LAST : after)
        .param("limit", limit)
        .query(AlertReads::episode)
        .list();
  }

  List<Delivery> deliveries(
      ProjectName project, DeliveryFilter filter, int limit, @Nullable UUID after) {
    String only =
        switch (filter) {
          case ALL -> "";
          case UNMATCHED -> UNMATCHED;
          case UNREADABLE -> " and d.unreadable is not null";
        };
    return jdbc.sql(DELIVERY + only + " order by d.id desc limit :limit")
        .param("project", project.value())
        .param("after", after == null ? LAST : after)
        .param("limit", limit)
        .query(AlertReads::delivery)
        .list();
  }

  private static Episode episode(ResultSet row, int number) throws SQLException {
    EpisodeState state = EpisodeState.valueOf(row.getString("state"));
    Alert alert =
        new Alert(
            row.getString("identity"),
            state == EpisodeState.OPEN ? AlertStatus.FIRING : AlertStatus.RESOLVED,
            texts(row.getString("labels")),
            texts(row.getString("annotations")),
            instant(row, "starts_at"),
            row.getObject("ends_at") == null ? null : instant(row, "ends_at"),
            row.getString("generator_url"));
    return new Episode(
        row.getObject("id", UUID.class),
        row.getString("source"),
        row.getString("receiver"),
        state,
        alert,
        instant(row, "opened_at"),
        instant(row, "last_seen_at"),
        row.getInt("firings"),
        row.getBoolean("matched"),
        row.getObject("delivery", UUID.class));
  }

  private static Delivery delivery(ResultSet row, int number) throws SQLException {
    return new Delivery(
        row.getObject("id", UUID.class),
        row.getString("source"),
        row.getString("receiver"),
        instant(row, "received_at"),
        row.getInt("alerts"),
        Json.asObject(Json.parseTrusted(row.getString("outcomes"))),
        list(row.getString("unreadable")),
        list(row.getString("refused")),
        row.getInt("replayable"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static Map<String, String> texts(String json) {
    Map<String, String> texts = new LinkedHashMap<>();
    Json.asObject(Json.parseTrusted(json)).forEach((k, v) -> texts.put(k, String.valueOf(v)));
    return texts;
  }

  private static List<@Nullable Object> list(@Nullable String json) {
    List<@Nullable Object> all = new ArrayList<>();
    if (json != null && Json.parseTrusted(json) instanceof List<?> elements) {
      all.addAll(elements);
    }
    return all;
  }
}
