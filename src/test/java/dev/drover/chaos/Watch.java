package dev.drover.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Looks at the journal twice a second, as far as it is there: whether more runs of a concurrency
 * key hold a slot than may, and for how long runs in flight had no owner whose lease holds.
 */
final class Watch {
  private static final long PERIOD_MILLIS = 500;

  /** By the alert alone: what the engine notes about slots may be what is wrong. */
  private static final String TOO_MANY =
      """
      select string_agg(id || ' ' || state, ' and ') || ' hold one slot of limited'
      from run
      where workflow = 'limited'
        and (state in ('RUNNING', 'WAITING') or state = 'QUEUED' and started_at is not null)
      group by trigger->'alert'->'labels'->>'rack'
      having count(*) > 1
      """;

  private static final String ORPHANS =
      """
      select r.id::text from run r
      left join server s on s.id = r.owner and s.lease_until > now()
      where r.state = 'RUNNING' and s.id is null
      """;

  private final JdbcClient jdbc;
  private final List<Replica> replicas;
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final Map<String, Long> orphanedSince = new HashMap<>();
  private volatile Duration longestOrphan = Duration.ZERO;
  private final AtomicInteger looks = new AtomicInteger();

  Watch(DataSource database, List<Replica> replicas) {
    this.jdbc = JdbcClient.create(database);
    this.replicas = replicas;
  }

  void start(ScheduledExecutorService timer) {
    var unused =
        timer.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Runs that held a slot together. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  /**
   * How long a run in flight was carried by nobody, at worst, while the database and one of the
   * servers were there to do something about it.
   */
  Duration longestOrphan() {
    return longestOrphan;
  }

  /** How often it could look. */
  int looks() {
    return looks.get();
  }

  private void look() {
    try {
      violations.addAll(jdbc.sql(TOO_MANY).query(String.class).list());
      List<String> orphans = jdbc.sql(ORPHANS).query(String.class).list();
      long now = System.nanoTime();
      orphanedSince.keySet().retainAll(orphans);
      if (replicas.stream().noneMatch(Replica::isReady)) {
        orphanedSince.clear();
      }
      for (String orphan : orphans) {
        long since = orphanedSince.computeIfAbsent(orphan, o -> now);
        Duration lasted = Duration.ofNanos(now - since);
        longestOrphan = lasted.compareTo(longestOrphan) > 0 ? lasted : longestOrphan;
      }
      looks.incrementAndGet();
    } catch (DataAccessException e) {
      orphanedSince.clear(); // the database is away: nobody can take a run over
    }
  }
}
