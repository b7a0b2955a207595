package dev.drover.journal;

import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertSource;
import dev.drover.alert.AlertmanagerBody;
import dev.drover.alert.IdentityState;
import dev.drover.alert.Intake;
import dev.drover.alert.Refused;
import dev.drover.alert.UnreadableAlert;
import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The statements that change deliveries and identities; always inside a transaction, a few for any
 * number of them.
 */
final class AlertWrites {
  private static final int TRIES = 5;

  private final JdbcClient jdbc;

  AlertWrites(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Locks the identities, in one order for all senders so that none can deadlock, and tells what is
   * known of them. An identity that is new is there after this.
   */
  Map<String, IdentityState> lock(AlertSource source, Collection<String> identities) {
    String[] sorted = new TreeSet<>(identities).toArray(String[]::new);
    Map<String, IdentityState> known = lock(source, sorted);
    for (int i = 0; i < TRIES && known.size() < sorted.length; i++) {
      known = lock(source, sorted); // one was forgotten before it could be locked
    }
    return known;
  }

  private Map<String, IdentityState> lock(AlertSource source, String[] sorted) {
    jdbc.sql(
            """
            insert into alert_identity (project, source, identity)
            select :project, :source, u.identity
            from unnest(:identities) with ordinality as u (identity, n)
            order by u.n
            on conflict on constraint alert_identity_pk do nothing
            """)
        .param("project", source.project().value())
        .param("source", RowArrays.text(source.name()))
        .param("identities", sorted)
        .update();
    Map<String, IdentityState> known = new HashMap<>();
    jdbc.sql(
            """
            select identity, open_episode, open_starts_at, last_ends_at, remembered
            from alert_identity
            where project = :project and source = :source and identity = any(:identities)
            order by identity collate "C"
            for update
            """)
        .param("project", source.project().value())
        .param("source", RowArrays.text(source.name()))
        .param("identities", sorted)
        .query((RowCallbackHandler) row -> known.put(row.getString("identity"), state(row)));
    return known;
  }

  private static IdentityState state(ResultSet row) throws SQLException {
    return new IdentityState(
        row.getObject("open_episode", UUID.class),
        instant(row, "open_starts_at"),
        instant(row, "last_ends_at"),
        IdentityChange.remembered(row.getString("remembered")));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Whether it is new: false if a delivery of this id is there already. */
  boolean delivery(AlertSource source, AlertmanagerBody body, Intake intake) {
    List<Refused> refused = intake.matches().refused();
    int written =
        jdbc.sql(
                """
            insert into delivery (id, project, source, receiver, received_at, alerts, outcomes,
                                  unreadable, refused, body)
            values (:id, :project, :source, :receiver, :receivedAt, :alerts,
                    cast(:outcomes as json), cast(:unreadable as json), cast(:refused as json), :body)
            on conflict on constraint delivery_pk do nothing
            """)
            .param("id", intake.delivery())
            .param("project", source.project().value())
            .param("source", RowArrays.text(source.name()))
            .param("receiver", RowArrays.text(body.group().receiver()))
            .param("receivedAt", RowArrays.time(intake.receivedAt()))
            .param("alerts", body.size())
            .param("outcomes", Json.print(words(intake.outcomes())))
            .param("unreadable", unreadable(body.unreadable()))
            .param(
                "refused",
                refused.isEmpty()
                    ? null
                    : Json.print(refused.stream().map(Refused::toJson).toList()))
            .param("body", intake.keepsBody() ? body.text() : null)
            .update();
    return written == 1;
  }

  private static Map<String, Integer> words(Map<AlertOutcome, Integer> outcomes) {
    Map<String, Integer> words = new LinkedHashMap<>();
    outcomes.forEach((outcome, n) -> words.put(outcome.word(), n));
    return words;
  }

  private static @Nullable String unreadable(List<UnreadableAlert> alerts) {
    if (alerts.isEmpty()) {
      return null;
    }
    List<Map<String, Object>> json = new ArrayList<>();
    for (UnreadableAlert alert : alerts) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("index", (long) alert.index());
      one.put("reason", alert.reason());
      one.put("raw", alert.raw());
      json.add(one);
    }
    return Json.print(json);
  }

  /**
   * Written as an upsert of rows that exist: that always goes through the key, whereas the plan of
   * an update that is joined to the rows scans all of a source's alerts while statistics are young.
   */
  void identities(AlertSource source, List<IdentityChange> rows) {
    jdbc.sql(
            """
            insert into alert_identity (project, source, identity, open_episode, open_starts_at,
                                        last_ends_at, remembered)
            select :project, :source, u.identity, u.open_episode, u.open_starts_at,
                   u.last_ends_at, u.remembered
            from unnest(:identities, cast(:open as uuid[]), cast(:startsAt as timestamptz[]),
                        cast(:endsAt as timestamptz[]), cast(:remembered as json[]))
              as u (identity, open_episode, open_starts_at, last_ends_at, remembered)
            on conflict on constraint alert_identity_pk do update
            set open_episode = excluded.open_episode,
                open_starts_at = excluded.open_starts_at,
                last_ends_at = excluded.last_ends_at,
                remembered = excluded.remembered
            """)
        .param("project", source.project().value())
        .param("source", RowArrays.text(source.name()))
        .param("identities", RowArrays.of(rows, IdentityChange::identity))
        .param("open", RowArrays.of(rows, row -> row.after().openEpisode()))
        .param("startsAt", RowArrays.of(rows, row -> row.after().openStartsAt()))
        .param("endsAt", RowArrays.of(rows, row -> row.after().lastEndsAt()))
        .param("remembered", RowArrays.of(rows, IdentityChange::remembered))
        .update();
  }

  /** Takes turns with deliveries of the same alerts, in the same order as they do. */
  void lockUnmatched(ProjectName project, UUID delivery) {
    jdbc.sql(
            """
            select i.identity
            from alert_identity i
            where (i.project, i.source, i.identity) in (
              select e.project, e.source, e.identity
              from alert_episode e
              where e.project = :project and e.delivery = :delivery
                and not e.matched and e.firings > 0 and e.state = 'OPEN')
            order by i.identity collate "C"
            for update of i
            """)
        .param("project", project.value())
        .param("delivery", delivery)
        .query(String.class)
        .list();
  }

  void matched(Set<UUID> episodes) {
    if (episodes.isEmpty()) {
      return;
    }
    jdbc.sql("update alert_episode set matched = true where id = any(cast(:ids as uuid[]))")
        .param("ids", RowArrays.of(List.copyOf(episodes), id -> id))
        .update();
  }
}
