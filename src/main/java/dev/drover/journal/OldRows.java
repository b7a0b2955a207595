package dev.drover.journal;

import dev.drover.journal.Retention.Batches;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Deletes old runs and notes, batch by batch, by indexes only; {@link OldAlerts} does alerts. */
final class OldRows {
  static final int BATCH = 500;

  /** A batch of runs with very many nodes is shorter: their rows go in the same transaction. */
  private static final int NODES = 10 * BATCH;

  /** All that refers to a run goes with it; its nodes and sums by hand, as no key sees to them. */
  private static final String RUNS =
      """
      with gone as (
        delete from run where ended_at is not null and id = any(:ids) returning id
      ), nodes as (
        delete from node_run n using gone where n.run = gone.id
      ), costs as (
        delete from run_cost c using gone where c.run = gone.id
      )
      select count(*) from gone
      """;

  private static final Position START = new Position(Instant.EPOCH, new UUID(0, 0));

  private final ByIndex byIndex;
  private final JdbcClient jdbc;
  private final OldAlerts alerts;
  private Position logsDone = START;

  OldRows(DataSource database) {
    this.byIndex = new ByIndex(database);
    this.jdbc = byIndex.jdbc();
    this.alerts = new OldAlerts(byIndex);
  }

  /** A place in the order of ended runs. */
  private record Position(Instant endedAt, UUID id) {}

  private record Ended(Position at, boolean kept, int nodes) {}

  /** The least id of UUID version 7 that is given at that time. */
  static UUID idAt(Instant time) {
    return new UUID(time.toEpochMilli() << 16, 0);
  }

  Batches episodes(Instant before) {
    return alerts.episodes(before);
  }

  Batches deliveries(Instant before) {
    return alerts.deliveries(before);
  }

  /** Runs that ended before, with all that is theirs; not what a run that goes on refers to. */
  Batches runs(Instant before) {
    Set<UUID> repeated = byIndex.get(() -> new HashSet<>(repeated()));
    Position[] after = {START};
    return () -> byIndex.get(() -> runs(before, repeated, after));
  }

  private int runs(Instant before, Set<UUID> repeated, Position[] after) {
    List<Ended> batch = ended(after[0], before);
    if (batch.isEmpty()) {
      return -1;
    }
    List<UUID> ids = new ArrayList<>();
    int nodes = 0;
    for (Ended run : batch) {
      nodes += run.nodes;
      if (nodes > NODES && !ids.isEmpty()) {
        break;
      }
      after[0] = run.at;
      if (!run.kept && !repeated.contains(run.at.id)) {
        ids.add(run.at.id);
      }
    }
    return jdbc.sql(RUNS).param("ids", ids.toArray(UUID[]::new)).query(Integer.class).single();
  }

  /** The runs that unfinished runs repeat; asked by state, for which there are indexes. */
  private List<UUID> repeated() {
    return jdbc.sql(
            """
            select rerun_of from run where state = 'QUEUED' and rerun_of is not null
            union all
            select rerun_of from run where state = 'RUNNING' and rerun_of is not null
            union all
            select rerun_of from run where state = 'WAITING' and rerun_of is not null
            """)
        .query(UUID.class)
        .list();
  }

  private List<Ended> ended(Position after, Instant before) {
    return jdbc.sql(
            """
            select r.id, r.ended_at,
                   exists (select 1 from run p
                           where p.id = r.parent_run and p.ended_at is null) as kept,
                   (select count(*) from (select 1 from node_run n where n.run = r.id
                                          limit :nodes) as n) as nodes
            from run r
            where r.ended_at >= :at and r.ended_at < :before and (r.ended_at, r.id) > (:at, :id)
            order by r.ended_at, r.id
            limit :batch
            """)
        .param("nodes", NODES)
        .param("at", RowArrays.time(after.endedAt))
        .param("id", after.id)
        .param("before", RowArrays.time(before))
        .param("batch", BATCH)
        .query(
            (row, n) ->
                new Ended(
                    new Position(
                        row.getObject("ended_at", OffsetDateTime.class).toInstant(),
                        row.getObject("id", UUID.class)),
                    row.getBoolean("kept"),
                    row.getInt("nodes")))
        .list();
  }

  /**
   * The logs of runs that ended before. An ended run gets no more lines: which runs have been seen
   * to is remembered as long as this server runs.
   */
  Batches logs(Instant before) {
    List<Position> pending = new ArrayList<>();
    return () -> {
      int lines = byIndex.get(() -> logs(before, pending));
      if (lines >= 0 && lines < BATCH) {
        logsDone = pending.get(pending.size() - 1);
        pending.clear();
      }
      return lines;
    };
  }

  private int logs(Instant before, List<Position> pending) {
    if (pending.isEmpty()) {
      ended(logsDone, before).forEach(run -> pending.add(run.at));
    }
    return pending.isEmpty()
        ? -1
        : delete(
            """
            delete from agent_log where ctid = any(array(
              select l.ctid from agent_log l where l.run = any(:ids) limit 500))
            """,
            pending.stream().map(Position::id).toList());
  }

  private int delete(String sql, Collection<UUID> ids) {
    return jdbc.sql(sql).param("ids", ids.toArray(UUID[]::new)).update();
  }

  /** What people did before. */
  Batches deeds(Instant before) {
    return () -> {
      int deleted = 0;
      for (String project : alerts.projects()) {
        deleted += byIndex.get(() -> deeds(project, before));
      }
      return deleted == 0 ? -1 : deleted;
    };
  }

  private int deeds(String project, Instant before) {
    return jdbc.sql(
            """
            delete from audit where id = any(array(
              select a.id from audit a
              where a.project = :project and a.id < :bound and a.at < :before
              order by a.id limit 500))
            """)
        .param("project", project)
        .param("bound", idAt(before))
        .param("before", RowArrays.time(before))
        .update();
  }

  /** What agents cost on days before. */
  Batches costs(LocalDate before) {
    return () -> {
      int deleted =
          jdbc.sql(
                  """
                  delete from daily_cost where ctid = any(array(
                    select c.ctid from daily_cost c where c.day < :before limit 500))
                  """)
              .param("before", before)
              .update();
      return deleted == 0 ? -1 : deleted;
    };
  }

  /** What was set aside before; a small table. */
  Batches quarantined(Instant before) {
    return () -> {
      int deleted =
          jdbc.sql(
                  """
                  delete from quarantine where id in (
                    select q.id from quarantine q where q.at < :before limit 500)
                  """)
              .param("before", RowArrays.time(before))
              .update();
      return deleted == 0 ? -1 : deleted;
    };
  }
}
