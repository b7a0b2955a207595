package dev.drover.journal;

import dev.drover.alert.Alert;
import dev.drover.alert.AlertSource;
import dev.drover.alert.EpisodeChange;
import dev.drover.alert.Intake;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes what a delivery makes of episodes, for who holds the locks of their identities. */
final class AlertEpisodes {
  // Rows that carry labels and annotations, which can be long.
  private static final int PART = 200;

  private static final String INSERT =
      """
      insert into alert_episode as was (
        id, project, source, identity, state, labels, annotations, generator_url, receiver,
        starts_at, ends_at, opened_at, last_seen_at, firings, matched, delivery)
      select e.id, :project, :source, e.identity,
             case when e.ends_at is null then 'OPEN' else 'RESOLVED' end,
             e.labels, e.annotations, e.generator_url, :receiver, e.starts_at, e.ends_at, :now,
             :now, e.firings, e.matched, :delivery
      from unnest(cast(:ids as uuid[]), :identities, cast(:labels as json[]),
                  cast(:annotations as json[]), :generatorUrls,
                  cast(:startsAt as timestamptz[]), cast(:endsAt as timestamptz[]),
                  cast(:firings as integer[]), cast(:matched as boolean[]))
        as e (id, identity, labels, annotations, generator_url, starts_at, ends_at, firings,
              matched)
      """;

  /** It may have been deleted as old meanwhile; its runs need it. */
  private static final String REVIVE =
      INSERT
          + """
      on conflict on constraint alert_episode_pk do update
      set labels = excluded.labels, annotations = excluded.annotations,
          generator_url = excluded.generator_url, receiver = excluded.receiver,
          starts_at = excluded.starts_at, opened_at = excluded.opened_at,
          last_seen_at = greatest(was.last_seen_at, excluded.last_seen_at),
          firings = excluded.firings, matched = excluded.matched, delivery = excluded.delivery
      """;

  private final JdbcClient jdbc;

  AlertEpisodes(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Writes what was decided. */
  void write(AlertSource source, String receiver, Intake intake) {
    List<Fresh> fresh = new ArrayList<>();
    List<Fresh> revived = new ArrayList<>();
    Set<UUID> matched = intake.matches().matched();
    for (EpisodeChange change : intake.changes()) {
      if (change instanceof EpisodeChange.Opens c) {
        fresh.add(new Fresh(c.episode(), c.alert(), null, 1, matched.contains(c.episode())));
      } else if (change instanceof EpisodeChange.Remembers c) {
        fresh.add(new Fresh(c.episode(), c.alert(), c.endedAt(), 0, false));
      } else if (change instanceof EpisodeChange.Revives c) {
        boolean wanted = matched.contains(c.episode());
        revived.add(new Fresh(c.episode(), c.alert(), c.endedAt(), 1, wanted));
      }
    }
    RowArrays.inParts(fresh, PART, part -> insert(INSERT, part, source, receiver, intake));
    RowArrays.inParts(revived, PART, part -> insert(REVIVE, part, source, receiver, intake));
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
      String sql, List<Fresh> episodes, AlertSource source, String receiver, Intake intake) {
    jdbc.sql(sql)
        .param("project", source.project().value())
        .param("source", RowArrays.text(source.name()))
        .param("receiver", RowArrays.text(receiver))
        .param("now", RowArrays.time(intake.receivedAt()))
        .param("delivery", intake.delivery())
        .param("ids", RowArrays.of(episodes, Fresh::id))
        .param("identities", RowArrays.of(episodes, e -> e.alert().identity()))
        .param("labels", RowArrays.json(episodes, e -> e.alert().labels()))
        .param("annotations", RowArrays.json(episodes, e -> e.alert().annotations()))
        .param(
            "generatorUrls", RowArrays.of(episodes, e -> RowArrays.text(e.alert().generatorUrl())))
        .param("startsAt", RowArrays.of(episodes, e -> e.alert().startsAt()))
        .param("endsAt", RowArrays.of(episodes, Fresh::endedAt))
        .param("firings", RowArrays.of(episodes, Fresh::firings))
        .param("matched", RowArrays.of(episodes, Fresh::matched))
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

  private record Fresh(
      UUID id, Alert alert, @Nullable Instant endedAt, int firings, boolean matched) {}
}
