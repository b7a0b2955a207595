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

  private static final String TOO_MANY =
      """
      select workflow || ' ' || concurrency_key || ': ' || string_agg(id || ' ' || state, ', ')
      from run
      where concurrency_key is not null
        and (state in ('RUNNING', 'WAITING') or state = 'QUEUED' and started_at is not null)
      group by workflow, concurrency_key, concurrency_limit
      having count(*) > concurrency_limit
      """;

  private static final String ORPHANS =
      """
      select r.id::text from run r
      left join server s on s.id = r.owner and s.lease_until > now()
      where r.state = 'RUNNING' and s.id is null
      """;

  private final JdbcClient jdbc;
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final Map<String, Long> orphanedSince = new HashMap<>();
  private volatile Duration longestOrphan = Duration.ZERO;
  private final AtomicInteger looks = new AtomicInteger();

  Watch(DataSource database) {
    this.jdbc = JdbcClient.create(database);
  }

  void start(ScheduledExecutorService timer) {
    var unused =
        timer.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Keys that had more runs than slots, and which. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  /** How long a run in flight was carried by nobody, at worst, as far as it could be seen. */
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
