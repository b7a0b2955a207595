package dev.drover.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is older than it must be kept, so that the tables do not grow for ever. It works in
 * small transactions with pauses between, and only on what has ended: nobody waits for it.
 */
public final class Retention implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration NOTES = Duration.ofDays(365);

  private final OldRows rows;
  private final Ages ages;
  private final Clock clock;
  private final LongSupplier nanoTime;

  /** Uses connections of the given database. */
  public Retention(DataSource database, Ages ages, Clock clock) {
    this.rows = new OldRows(database);
    this.ages = ages;
    this.clock = clock;
    this.nanoTime = System::nanoTime;
  }

  /**
   * How long things are kept.
   *
   * @param runs from a run's end on, with all its nodes
   * @param logs of agents, from the end of their run on; not longer than the run
   * @param deliveries webhook bodies, and episodes that are over
   */
  public record Ages(Duration runs, Duration logs, Duration deliveries) {}

  /**
   * Deletes what is too old now, for five minutes at most; what is left is for the next time. Stops
   * when its thread is interrupted.
   */
  @Override
  public void run() {
    Instant now = clock.instant();
    long until = nanoTime.getAsLong() + LONGEST.toNanos();
    Instant runs = now.minus(ages.runs());
    Instant logs = later(now.minus(ages.logs()), runs);
    Instant alerts = now.minus(ages.deliveries());
    Instant notes = now.minus(NOTES);
    List<Step> steps =
        List.of(
            new Step("log lines", rows.logs(logs)),
            new Step("runs", rows.runs(runs)),
            new Step("episodes", rows.episodes(alerts)),
            new Step("deliveries", rows.deliveries(alerts)),
            new Step("deeds", rows.deeds(notes)),
            new Step("costs", rows.costs(LocalDate.ofInstant(notes, ZoneOffset.UTC))),
            new Step("quarantined", rows.quarantined(notes)));
    for (Step step : steps) {
      if (!drain(step, until)) {
        return;
      }
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private record Step(String what, Batches batches) {}

  /** Deletes in batches; a batch can be of nothing where what is old must stay. */
  interface Batches {
    /**
     * Deletes a batch in a transaction of its own, and tells how many rows; -1: nothing is left.
     */
    int next();
  }

  private boolean drain(Step step, long until) {
    long deleted = 0;
    boolean goesOn = true;
    try {
      int batch = step.batches.next();
      while (batch >= 0 && goesOn) {
        deleted += batch;
        goesOn = (batch == 0 || pause()) && mayGoOn(until);
        batch = goesOn ? step.batches.next() : -1;
      }
    } finally {
      if (deleted > 0) {
        LOG.atInfo().addKeyValue(step.what, deleted).log("Deleted what was too old");
      }
    }
    return goesOn;
  }

  private boolean mayGoOn(long until) {
    return nanoTime.getAsLong() < until && !Thread.currentThread().isInterrupted();
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
