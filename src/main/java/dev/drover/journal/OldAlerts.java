package dev.drover.journal;

import dev.drover.journal.Retention.Batches;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes old deliveries and episodes that are over. Never an open episode, nor one that a run
 * which goes on was opened for, nor the delivery of either.
 */
final class OldAlerts {
  private static final UUID FIRST = new UUID(0, 0);

  /** Another clock than ours says when alerts end. */
  private static final Duration CLOCKS = Duration.ofHours(1);

  /** By which an episode's id can be later than its delivery's, which waited in a spool. */
  private static final Duration SPOOLED = Duration.ofDays(7);

  private final ByIndex byIndex;
  private final JdbcClient jdbc;

  OldAlerts(ByIndex byIndex) {
    this.byIndex = byIndex;
    this.jdbc = byIndex.jdbc();
  }

  List<String> projects() {
    return jdbc.sql("select name from project").query(String.class).list();
  }

  private record Closed(UUID id, String source, String identity, boolean kept) {}

  private record Range(String project, String state) {}

  Batches episodes(Instant before) {
    Deque<Range> ranges = new ArrayDeque<>();
    projects().forEach(project -> ranges.add(new Range(project, "RESOLVED")));
    projects().forEach(project -> ranges.add(new Range(project, "EXPIRED")));
    UUID[] after = {FIRST};
    Batches blank = blank();
    return () -> {
      int batch = ranges.isEmpty() ? -1 : byIndex.get(() -> episodes(ranges, before, after));
      return batch >= 0 ? batch : blank.next();
    };
  }

  private record Name(String project, String source, String identity) {}

  /**
   * Deletes the identities of which nothing is known that a new one would not say as well: alerts
   * that only expired, and groups without a cooldown. None of them is counted.
   */
  private Batches blank() {
    Name[] after = {new Name("", "", "")};
    return () ->
        byIndex.get(
            () -> {
              List<Name> batch = names(after[0]);
              if (batch.isEmpty()) {
                return -1;
              }
              forgetBlank(after[0], batch.get(batch.size() - 1));
              after[0] = batch.get(batch.size() - 1);
              return 0;
            });
  }

  private List<Name> names(Name after) {
    return jdbc.sql(
            """
            select project, source, identity from alert_identity
            where (project, source, identity) > (:project, :source, :identity)
            order by project, source, identity
            limit :batch
            """)
        .param("project", after.project)
        .param("source", after.source)
        .param("identity", after.identity)
        .param("batch", 10 * OldRows.BATCH)
        .query(
            (row, n) ->
                new Name(
                    row.getString("project"), row.getString("source"), row.getString("identity")))
        .list();
  }

  /** One that somebody has locked is wanted. */
  private void forgetBlank(Name after, Name last) {
    jdbc.sql(
            """
            with blank as materialized (
              select i.project, i.source, i.identity from alert_identity i
              where (i.project, i.source, i.identity) > (:project, :source, :identity)
                and (i.project, i.source, i.identity) <= (:lastProject, :lastSource, :lastIdentity)
                and i.open_episode is null and i.last_ends_at is null and i.remembered is null
                and not exists (
                  select 1 from cooldown c
                  where c.project = i.project and c.source = i.source
                    and c.identity = i.identity)
              for update of i skip locked)
            delete from alert_identity i
            using blank b
            where i.project = b.project and i.source = b.source and i.identity = b.identity
            """)
        .param("project", after.project)
        .param("source", after.source)
        .param("identity", after.identity)
        .param("lastProject", last.project)
        .param("lastSource", last.source)
        .param("lastIdentity", last.identity)
        .update();
  }

  private int episodes(Deque<Range> ranges, Instant before, UUID[] after) {
    while (!ranges.isEmpty()) {
      List<Closed> batch = closed(ranges.element(), before, after[0]);
      if (!batch.isEmpty()) {
        after[0] = batch.get(batch.size() - 1).id;
        return delete(ranges.element().project, batch, before);
      }
      ranges.remove();
      after[0] = FIRST;
    }
    return -1;
  }

  private List<Closed> closed(Range range, Instant before, UUID after) {
    return jdbc.sql(
            """
            select e.id, e.source, e.identity,
                   exists (select 1 from run_episode x join run r on r.id = x.run
                           where x.episode = e.id and r.ended_at is null) as kept
            from alert_episode e
            where e.project = :project and e.state = :state and e.id > :after and e.id < :bound
              and e.last_seen_at < :before
            order by e.id
            limit :batch
            """)
        .param("project", range.project)
        .param("state", range.state)
        .param("after", after)
        .param("bound", OldRows.idAt(before))
        .param("before", RowArrays.time(before))
        .param("batch", OldRows.BATCH)
        .query(
            (row, n) ->
                new Closed(
                    row.getObject("id", UUID.class),
                    row.getString("source"),
                    row.getString("identity"),
                    row.getBoolean("kept")))
        .list();
  }

  private int delete(String project, List<Closed> batch, Instant before) {
    List<Closed> gone = batch.stream().filter(episode -> !episode.kept).toList();
    int count =
        jdbc.sql("delete from alert_episode where state <> 'OPEN' and id = any(:ids)")
            .param("ids", gone.stream().map(Closed::id).toArray(UUID[]::new))
            .update();
    bySource(gone).forEach((source, names) -> forget(project, source, names, before.plus(CLOCKS)));
    return count;
  }

  private static Map<String, Set<String>> bySource(List<Closed> episodes) {
    return episodes.stream()
        .collect(
            Collectors.groupingBy(
                Closed::source, Collectors.mapping(Closed::identity, Collectors.toSet())));
  }

  /**
   * Forgets the identities whose last episode this was. What they were remembered for, that a
   * firing of before is stale, no sender can send any more. One that a delivery has locked is
   * wanted again, and waiting for it might be a deadlock.
   */
  private void forget(String project, String source, Set<String> identities, Instant before) {
    jdbc.sql(
            """
            delete from alert_identity
            where project = :project and source = :source and identity = any(array(
              select i.identity from alert_identity i
              where i.project = :project and i.source = :source and i.identity = any(:identities)
                and i.open_episode is null and i.last_ends_at < :before
              for update skip locked))
            """)
        .param("project", project)
        .param("source", source)
        .param("identities", identities.toArray(String[]::new))
        .param("before", RowArrays.time(before))
        .update();
  }

  Batches deliveries(Instant before) {
    Deque<String> projects = new ArrayDeque<>(projects());
    Set<UUID> referred = new HashSet<>();
    UUID[] after = {FIRST};
    return () -> byIndex.get(() -> deliveries(projects, referred, before, after));
  }

  private int deliveries(Deque<String> projects, Set<UUID> referred, Instant before, UUID[] after) {
    while (!projects.isEmpty()) {
      String project = projects.element();
      if (after[0].equals(FIRST)) {
        referred.addAll(referred(project, before));
      }
      List<UUID> batch = deliveries(project, before, after[0]);
      if (!batch.isEmpty()) {
        after[0] = batch.get(batch.size() - 1);
        return delete(batch.stream().filter(id -> !referred.contains(id)).toList());
      }
      projects.remove();
      referred.clear();
      after[0] = FIRST;
    }
    return -1;
  }

  /** The deliveries of the episodes that are left, which are few once the old ones are gone. */
  private List<UUID> referred(String project, Instant before) {
    return jdbc.sql(
            """
            select distinct delivery from alert_episode
            where project = :project and id < :bound and delivery < :before
            """)
        .param("project", project)
        .param("before", OldRows.idAt(before))
        .param("bound", OldRows.idAt(before.plus(SPOOLED)))
        .query(UUID.class)
        .list();
  }

  private List<UUID> deliveries(String project, Instant before, UUID after) {
    return jdbc.sql(
            """
            select id from delivery
            where project = :project and id > :after and id < :bound and received_at < :before
            order by id
            limit :batch
            """)
        .param("project", project)
        .param("after", after)
        .param("bound", OldRows.idAt(before))
        .param("before", RowArrays.time(before))
        .param("batch", OldRows.BATCH)
        .query(UUID.class)
        .list();
  }

  private int delete(List<UUID> deliveries) {
    return jdbc.sql("delete from delivery where id = any(:ids)")
        .param("ids", deliveries.toArray(UUID[]::new))
        .update();
  }
}
