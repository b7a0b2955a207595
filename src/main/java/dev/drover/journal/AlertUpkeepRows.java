package dev.drover.journal;

import dev.drover.alert.AlertUpkeep;
import dev.drover.alert.Episode;
import dev.drover.alert.Matches;
import dev.drover.alert.WantedRun;
import dev.drover.name.ProjectName;
import dev.drover.run.LoggedListener;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The upkeep of alerts in the journal. It waits for no lock of an alert that a delivery is about:
 * that one's turn comes a second later.
 */
public final class AlertUpkeepRows implements AlertUpkeep {
  private static final int DEADLINE_SECONDS = 4;
  private static final int EPISODES = 200;
  private static final int QUIET = 1_000;
  private static final int COOLDOWNS = 50;
  private static final int PAGES = 200;
  private static final Duration PUT_OFF = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(AlertUpkeepRows.class);
  private static final String QUEUED =
      "opened by an alert that still fires after a cooldown; waits for a server to start it";

  private final JdbcClient jdbc;
  private final AlertReads reads;
  private final AlertRuns runs;
  private final CooldownRows cooldowns;
  private final ResolvedRuns resolved;
  private final RunListener listener;
  private final TransactionTemplate transaction;

  /**
   * {@code listener} hears of runs that are opened, and of those that end before they have started.
   */
  public AlertUpkeepRows(DataSource database, RunListener listener) {
    JdbcTemplate operations = new JdbcTemplate(database);
    this.jdbc = JdbcClient.create(operations);
    this.reads = new AlertReads(jdbc);
    this.runs = new AlertRuns(jdbc);
    this.cooldowns = new CooldownRows(jdbc);
    this.resolved = new ResolvedRuns(operations);
    this.listener = new LoggedListener(listener);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.transaction.setTimeout(DEADLINE_SECONDS);
  }

  @Override
  public Map<ProjectName, Integer> expire(Instant lastSeenBefore, Instant now) {
    List<Expired> expired = new ArrayList<>();
    List<RunEvent.Subject> dropped =
        inTransaction(
            () -> {
              expired.addAll(expireSome(lastSeenBefore));
              List<UUID> episodes = expired.stream().map(Expired::episode).toList();
              forget(episodes);
              return resolved.tell(episodes, now);
            });
    ResolvedRuns.tell(listener, dropped, now);
    Map<ProjectName, Integer> counts = new HashMap<>();
    expired.forEach(e -> counts.merge(e.project, 1, Integer::sum));
    return counts;
  }

  private record Expired(UUID episode, ProjectName project) {}

  /** Who was seen meanwhile stays open: its row is judged again as it is when it is locked. */
  private List<Expired> expireSome(Instant lastSeenBefore) {
    List<UUID> due =
        jdbc.sql(
                """
                select id from alert_episode
                where state = 'OPEN' and last_seen_at < :before
                order by last_seen_at
                limit :most
                """)
            .param("before", RowArrays.time(lastSeenBefore))
            .param("most", EPISODES)
            .query(UUID.class)
            .list();
    if (due.isEmpty()) {
      return List.of();
    }
    return jdbc.sql(
            """
            with free as materialized (
              select i.project, i.source, i.identity
              from alert_identity i
              where (i.project, i.source, i.identity) in (
                select e.project, e.source, e.identity
                from alert_episode e
                where e.id = any(cast(:due as uuid[])))
              for update of i skip locked),
            silent as materialized (
              select e.id
              from alert_episode e
              join free f on f.project = e.project and f.source = e.source
                and f.identity = e.identity
              where e.id = any(cast(:due as uuid[])) and e.state = 'OPEN'
                and e.last_seen_at < :before
              for update of e skip locked)
            update alert_episode e
            set state = 'EXPIRED'
            from silent s
            where e.id = s.id
            returning e.id, e.project
            """)
        .param("due", RowArrays.of(due, id -> id))
        .param("before", RowArrays.time(lastSeenBefore))
        .query(
            (row, n) ->
                new Expired(
                    row.getObject("id", UUID.class), new ProjectName(row.getString("project"))))
        .list();
  }

  /** The end is not known: what fires again is a new episode, whenever it says that it began. */
  private void forget(List<UUID> expired) {
    if (expired.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            update alert_identity i
            set open_episode = null, open_starts_at = null
            from alert_episode e
            where e.id = any(cast(:expired as uuid[])) and i.project = e.project
              and i.source = e.source and i.identity = e.identity and i.open_episode = e.id
            """)
        .param("expired", RowArrays.of(expired, id -> id))
        .update();
  }

  @Override
  public Ended endCooldowns(Instant now, Function<CooledDown, Optional<Matches>> match) {
    int ended = inTransaction(() -> cooldowns.removeQuiet(now, QUIET));
    int opened = 0;
    Set<List<Object>> left = new HashSet<>();
    List<CooldownRows.Due> page = due(now, CooldownRows.Due.FIRST);
    for (int i = 0; i < PAGES && !page.isEmpty(); i++) {
      for (CooldownRows.Due due : page) {
        List<Object> workflow = List.of(due.project(), due.workflow());
        EndOf end = left.contains(workflow) ? EndOf.ELSEWHERE : endGuarded(due, now, match);
        if (end.elsewhere) {
          left.add(workflow);
        }
        ended += end.ended ? 1 : 0;
        opened += end.opened.size();
        AlertRows.tellOpened(listener, end.wanted, end.opened, now);
      }
      page = due(now, page.get(page.size() - 1));
    }
    return new Ended(ended, opened);
  }

  private List<CooldownRows.Due> due(Instant now, CooldownRows.Due after) {
    return AlertRows.available(() -> cooldowns.due(now, after, COOLDOWNS));
  }

  /** One that fails keeps no other from its end. */
  private EndOf endGuarded(
      CooldownRows.Due due, Instant now, Function<CooledDown, Optional<Matches>> match) {
    try {
      return inTransaction(() -> isFree(due) ? end(due, now, match) : EndOf.LATER);
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("project", due.project())
          .addKeyValue("workflow", due.workflow())
          .addKeyValue("identity", due.identity())
          .setCause(e)
          .log("A cooldown could not be ended; trying again in a minute");
      int unused = inTransaction(() -> cooldowns.putOff(due, now, now.plus(PUT_OFF)));
      return EndOf.LATER;
    }
  }

  /** What became of a cooldown that is due. */
  private record EndOf(
      boolean ended, List<WantedRun> wanted, Set<RunId> opened, boolean elsewhere) {
    static final EndOf LATER = new EndOf(false, List.of(), Set.of(), false);
    static final EndOf ELSEWHERE = new EndOf(false, List.of(), Set.of(), true);
  }

  /** Locks its identity; one that is gone can be about nothing that fires. */
  private boolean isFree(CooldownRows.Due due) {
    String identity =
        """
        from alert_identity
        where project = :project and source = :source and identity = :identity
        """;
    boolean locked = exists("select 1 " + identity + " for update skip locked", due);
    return locked || !exists("select 1 " + identity, due);
  }

  private boolean exists(String sql, CooldownRows.Due due) {
    return jdbc.sql(sql)
        .param("project", due.project().value())
        .param("source", due.source())
        .param("identity", due.identity())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  private EndOf end(
      CooldownRows.Due seen, Instant now, Function<CooledDown, Optional<Matches>> match) {
    for (CooldownRows.Due due : cooldowns.lock(seen, now)) {
      Optional<List<Episode>> open = lockOpen(due.suppressed());
      if (open.isPresent()) {
        return open.get().isEmpty() ? close(due, List.of(), now) : end(due, open.get(), now, match);
      }
    }
    return EndOf.LATER;
  }

  /**
   * Those that still fire. They are locked, so that none is resolved before its run is there to be
   * told; empty if that would mean to wait for a delivery.
   */
  private Optional<List<Episode>> lockOpen(List<UUID> suppressed) {
    @Nullable String[] ids = RowArrays.of(suppressed, id -> id);
    List<UUID> locked =
        jdbc.sql(
                """
                select id from alert_episode
                where id = any(cast(:ids as uuid[])) and state = 'OPEN'
                for update skip locked
                """)
            .param("ids", ids)
            .query(UUID.class)
            .list();
    List<Episode> open = reads.open(suppressed);
    boolean all = open.stream().map(Episode::id).allMatch(locked::contains);
    return all ? Optional.of(open) : Optional.empty();
  }

  private EndOf end(
      CooldownRows.Due due,
      List<Episode> episodes,
      Instant now,
      Function<CooledDown, Optional<Matches>> match) {
    UUID delivery = episodes.get(episodes.size() - 1).delivery();
    String body = reads.body(due.project(), delivery).orElse(AlertReads.NO_BODY);
    Optional<Matches> matches =
        match.apply(new CooledDown(due.project(), due.workflow(), episodes, body));
    if (matches.isEmpty() && isInForce(due)) {
      return EndOf.ELSEWHERE;
    }
    matches.ifPresent(m -> AlertRows.logRefused(due.project(), delivery, m));
    return close(due, matches.map(Matches::wanted).orElse(List.of()), now);
  }

  private EndOf close(CooldownRows.Due due, List<WantedRun> wanted, Instant now) {
    cooldowns.remove(due); // first: its run starts the next
    Set<RunId> opened = runs.open(due.source(), wanted, Optional.empty(), QUEUED, now);
    return new EndOf(true, wanted, opened, false);
  }

  /** Whether another server can have it that this one has not read yet. */
  private boolean isInForce(CooldownRows.Due due) {
    return jdbc.sql(
            """
            select 1 from workflow
            where project = :project and name = :workflow and not retired
            """)
        .param("project", due.project().value())
        .param("workflow", due.workflow().value())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  @Override
  public int queuedRuns(int most) {
    return AlertRows.available(
        () ->
            jdbc.sql(
                    """
                    select count(*) from (
                      select 1 from run r
                      where r.state = 'QUEUED' and r.concurrency_key is null
                        and r.started_at is null
                        and (r.project, r.workflow) not in (
                          select w.project, w.name from workflow w where w.paused)
                      union all
                      select 1 from run r
                      where r.concurrency_key is not null and r.ended_at is null
                        and r.state = 'QUEUED' and r.started_at is null
                        and (r.project, r.workflow) not in (
                          select w.project, w.name from workflow w where w.paused)
                      limit :most) as waiting
                    """)
                .param("most", most)
                .query(Integer.class)
                .single());
  }

  @Override
  public void quarantine(SetAside delivery) {
    AlertRows.available(
        () ->
            jdbc.sql(
                    """
                    insert into quarantine (id, at, project, kind, subject, reason, raw)
                    values (:id, :at, :project, 'delivery', :subject, :reason, :raw)
                    on conflict on constraint quarantine_pk do nothing
                    """)
                .param("id", delivery.id())
                .param("at", RowArrays.time(delivery.at()))
                .param("project", delivery.project().map(ProjectName::value).orElse(null))
                .param("subject", RowArrays.text(delivery.subject()))
                .param("reason", RowArrays.text(delivery.reason()))
                .param("raw", RowArrays.text(delivery.raw()))
                .update());
  }

  private <T> T inTransaction(Supplier<T> work) {
    return AlertRows.available(() -> transaction.execute(status -> work.get()));
  }
}
