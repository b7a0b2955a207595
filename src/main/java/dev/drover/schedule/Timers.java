package dev.drover.schedule;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.drover.journal.TimerRows;
import dev.drover.run.WorkflowRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens at its time, by any of the servers on a database, and by one of them each time:
 * schedules open runs, jobs keep house. A server that dies while it does something is noticed after
 * some ten seconds, and another does it.
 */
public final class Timers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
  private static final int THREADS = 4;
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final int MISSED_HEARTBEATS = 4;
  private static final Duration OVERDUE = Duration.ofMinutes(1);
  private static final Duration SPOILT = Duration.ofHours(1);
  private static final int ROUNDS = 10;

  private final TimerRows rows;
  private final Clock clock;
  private final List<Job> jobs;
  private final Schedules schedules;
  private final Scheduler scheduler;
  private int round;

  /** Does nothing before {@link #start}. */
  public Timers(DataSource database, Clock clock, WorkflowRegistry workflows, Doing doing) {
    this.rows = new TimerRows(database);
    this.clock = clock;
    this.jobs = List.copyOf(doing.jobs());
    this.schedules = new Schedules(workflows, rows, clock);
    Firing firing = new Firing(doing.door(), doing.ids());
    List<Task<?>> tasks = new ArrayList<>();
    tasks.add(new ScheduleTask(schedules, firing, clock).task());
    jobs.forEach(job -> tasks.add(new JobTask(job, clock).task()));
    this.scheduler = scheduler(database, clock, tasks);
  }

  /** What is done when its time has come: runs are opened through the door, jobs are executed. */
  public record Doing(Door door, Supplier<UUID> ids, List<Job> jobs) {}

  private static Scheduler scheduler(DataSource database, Clock clock, List<Task<?>> tasks) {
    return Scheduler.create(database, tasks)
        .tableName("timer")
        .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
        .serializer(new TextSerializer())
        .clock(clock::instant)
        .schedulerName(new SchedulerName.Fixed("drover-" + UUID.randomUUID()))
        .threads(THREADS)
        .pollingInterval(LOOK)
        .heartbeatInterval(HEARTBEAT)
        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
        .shutdownMaxWait(Duration.ofSeconds(2))
        .failureLogging(LogLevel.DEBUG, true) // the tasks say it in their own words
        .addSchedulerListener(new Trouble())
        .build();
  }

  /** Begins, once the workflows are in force. */
  public void start() {
    look();
    scheduler.start();
  }

  /**
   * Keeps the timers in step with the workflows in force, and mends those that were spoilt; to be
   * called each second. Blocks on the database, and throws what it throws.
   */
  public void look() {
    schedules.sync();
    if (round++ % ROUNDS == 0) {
      mend();
    }
  }

  private void mend() {
    Instant now = clock.instant();
    List<String> known = new ArrayList<>(List.of(Schedules.TASK));
    for (Job job : jobs) {
      known.add(JobTask.name(job));
      rows.ensure(JobTask.name(job), JobTask.INSTANCE, now, now.plus(job.every()).plus(SPOILT));
    }
    rows.setUnknownAside(known, now.minus(OVERDUE));
  }

  /** Stops; what is being done is given two seconds, and is done again by another server. */
  @Override
  public void close() {
    scheduler.stop();
  }

  /** The scheduler says the same at each look while the database is away: once a minute will do. */
  private static final class Trouble extends AbstractSchedulerListener {
    private final AtomicLong said =
        new AtomicLong(System.nanoTime() - Duration.ofHours(1).toNanos());

    @Override
    public void onSchedulerEvent(SchedulerEventType type) {
      if (type != SchedulerEventType.UNEXPECTED_ERROR) {
        return;
      }
      long last = said.get();
      long now = System.nanoTime();
      if (now - last > Duration.ofMinutes(1).toNanos() && said.compareAndSet(last, now)) {
        LOG.atWarn().log("Timers can't be looked at, or one could not be set; trying again");
      }
    }
  }
}
