package dev.drover.journal;

import dev.drover.alert.Alert;
import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertSource;
import dev.drover.alert.AlertmanagerBody;
import dev.drover.alert.EpisodeChange;
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

/** The statements that change alerts; always inside a transaction, a few for any number of them. */
final class AlertWrites {
  // Rows that carry labels and annotations, which can be long.
  private static final int PART = 200;

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
            select identity, open_episode, open_starts_at, last_ends_at
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
        instant(row, "last_ends_at"));
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

  /** Writes what was decided of the episodes. */
  void episodes(AlertSource source, String receiver, Intake intake) {
    List<NewEpisode> episodes = new ArrayList<>();
    for (EpisodeChange change : intake.changes()) {
      if (change instanceof EpisodeChange.Opens opens) {
        boolean matched = intake.matches().matched().contains(opens.episode());
        episodes.add(new NewEpisode(opens.episode(), opens.alert(), null, matched));
      } else if (change instanceof EpisodeChange.Remembers seen) {
        episodes.add(new NewEpisode(seen.episode(), seen.alert(), seen.endedAt(), false));
      }
    }
    RowArrays.inParts(episodes, PART, part -> insert(part, source, receiver, intake));
    List<EpisodeChange.Repeats> repeats =
        RowArrays.only(intake.changes(), EpisodeChange.Repeats.class);
    List<EpisodeChange.Closes> closes =
        RowArrays.only(intake.changes(), EpisodeChange.Closes.class);
    lock(repeats, closes);
    RowArrays.inParts(repeats, PART, part -> repeat(part, intake.receivedAt()));
    if (!closes.isEmpty()) {
      close(closes, intake.receivedAt());
    }
  }

  /** In the order in which runs that begin to wait for the end of alerts lock them. */
  private void lock(List<EpisodeChange.Repeats> repeats, List<EpisodeChange.Closes> closes) {
    List<UUID> known = new ArrayList<>(repeats.stream().map(r -> r.episode()).toList());
    closes.forEach(change -> known.add(change.episode()));
    if (!known.isEmpty()) {
      jdbc.sql(
              """
              select id from alert_episode where id = any(cast(:ids as uuid[]))
              order by id
              for no key update
              """)
          .param("ids", RowArrays.of(known, id -> id))
          .query(UUID.class)
          .list();
    }
  }

  private void insert(
      List<NewEpisode> episodes, AlertSource source, String receiver, Intake intake) {
    jdbc.sql(
            """
            insert into alert_episode (id, project, source, identity, state, labels, annotations,
                                       generator_url, receiver, starts_at, ends_at, opened_at,
                                       last_seen_at, firings, matched, delivery)
            select e.id, :project, :source, e.identity,
                   case when e.ends_at is null then 'OPEN' else 'RESOLVED' end,
                   e.labels, e.annotations, e.generator_url, :receiver, e.starts_at, e.ends_at, :now,
                   :now, case when e.ends_at is null then 1 else 0 end, e.matched, :delivery
            from unnest(cast(:ids as uuid[]), :identities, cast(:labels as json[]),
                        cast(:annotations as json[]), :generatorUrls,
                        cast(:startsAt as timestamptz[]), cast(:endsAt as timestamptz[]),
                        cast(:matched as boolean[]))
              as e (id, identity, labels, annotations, generator_url, starts_at, ends_at, matched)
            """)
        .param("project", source.project().value())
        .param("source", RowArrays.text(source.name()))
        .param("receiver", RowArrays.text(receiver))
        .param("now", RowArrays.time(intake.receivedAt()))
        .param("delivery", intake.delivery())
        .param("ids", RowArrays.of(episodes, NewEpisode::id))
        .param("identities", RowArrays.of(episodes, e -> e.alert().identity()))
        .param("labels", RowArrays.json(episodes, e -> e.alert().labels()))
        .param("annotations", RowArrays.json(episodes, e -> e.alert().annotations()))
        .param(
            "generatorUrls", RowArrays.of(episodes, e -> RowArrays.text(e.alert().generatorUrl())))
        .param("startsAt", RowArrays.of(episodes, e -> e.alert().startsAt()))
        .param("endsAt", RowArrays.of(episodes, NewEpisode::endedAt))
        .param("matched", RowArrays.of(episodes, NewEpisode::matched))
        .update();
  }

  /** Payloads that are as before are left alone: PostgreSQL then does not write them again. */
  private void repeat(List<EpisodeChange.Repeats> repeats, Instant now) {
    jdbc.sql(
            """
            update alert_episode e
            set last_seen_at = greatest(e.last_seen_at, :now),
                firings = e.firings + 1,
                labels = case when cast(e.labels as text) = u.labels
                              then e.labels else cast(u.labels as json) end,
                annotations = case when cast(e.annotations as text) = u.annotations
                                   then e.annotations else cast(u.annotations as json) end
            from unnest(cast(:ids as uuid[]), :labels, :annotations)
              as u (id, labels, annotations)
            where e.id = u.id
            """)
        .param("now", RowArrays.time(now))
        .param("ids", RowArrays.of(repeats, EpisodeChange.Repeats::episode))
        .param("labels", RowArrays.json(repeats, r -> r.alert().labels()))
        .param("annotations", RowArrays.json(repeats, r -> r.alert().annotations()))
        .update();
  }

  private void close(List<EpisodeChange.Closes> closes, Instant now) {
    jdbc.sql(
            """
            update alert_episode e
            set state = 'RESOLVED', ends_at = u.ends_at,
                last_seen_at = greatest(e.last_seen_at, :now)
            from unnest(cast(:ids as uuid[]), cast(:endsAt as timestamptz[])) as u (id, ends_at)
            where e.id = u.id
            """)
        .param("now", RowArrays.time(now))
        .param("ids", RowArrays.of(closes, EpisodeChange.Closes::episode))
        .param("endsAt", RowArrays.of(closes, EpisodeChange.Closes::endedAt))
        .update();
  }

  /**
   * Written as an upsert of rows that exist: that always goes through the key, whereas the plan of
   * an update that is joined to the rows scans all of a source's alerts while statistics are young.
   */
  void identities(AlertSource source, List<IdentityChange> rows) {
    jdbc.sql(
            """
            insert into alert_identity (project, source, identity, open_episode, open_starts_at,
                                        last_ends_at)
            select :project, :source, u.identity, u.open_episode, u.open_starts_at, u.last_ends_at
            from unnest(:identities, cast(:open as uuid[]), cast(:startsAt as timestamptz[]),
                        cast(:endsAt as timestamptz[]))
              as u (identity, open_episode, open_starts_at, last_ends_at)
            on conflict on constraint alert_identity_pk do update
            set open_episode = excluded.open_episode,
                open_starts_at = excluded.open_starts_at,
                last_ends_at = excluded.last_ends_at
            """)
        .param("project", source.project().value())
        .param("source", RowArrays.text(source.name()))
        .param("identities", RowArrays.of(rows, IdentityChange::identity))
        .param("open", RowArrays.of(rows, row -> row.after().openEpisode()))
        .param("startsAt", RowArrays.of(rows, row -> row.after().openStartsAt()))
        .param("endsAt", RowArrays.of(rows, row -> row.after().lastEndsAt()))
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

  private record NewEpisode(UUID id, Alert alert, @Nullable Instant endedAt, boolean matched) {}
}
