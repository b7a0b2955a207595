package dev.drover.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * Tells the time of the database, which is one for all servers, while their own clocks differ. It
 * goes on by the machine's monotonic clock and is set right by what the database says now and then:
 * at once where it is far behind, else by going a little faster or slower, so that durations stay
 * true and it never goes backwards. Only the very first observation may set it back.
 */
public final class DatabaseClock extends Clock {
  /** Behind by more than this, it is put forward at once: a machine that slept, say. */
  private static final long LEAP_NANOS = Duration.ofSeconds(1).toNanos();

  /** It takes twice an error's length to mend it: one that is ahead goes at half speed. */
  private static final long SLOWNESS = 2;

  private final LongSupplier nanoTime;
  private long setAt;
  private Instant setTo;
  private long error;
  private boolean everSet;

  /** Until the first observation it goes by this machine's clock. */
  public DatabaseClock() {
    this(Clock.systemUTC(), System::nanoTime);
  }

  /** For tests: {@code nanoTime} is a monotonic count of nanoseconds. */
  DatabaseClock(Clock own, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.setTo = own.instant();
    this.setAt = nanoTime.getAsLong();
  }

  /**
   * Takes in what the database just answered to the question for its time. The answer was true at
   * some moment of the round trip, so the time is now between it and it plus the round trip: a slow
   * answer tells little, and a clock that is within those bounds is left alone.
   *
   * @param databaseNow {@code clock_timestamp()} of the database; of a transaction that lasts, its
   *     {@code now()} would be too old
   * @param roundTripNanos between asking and having the answer, by {@link System#nanoTime}
   */
  public synchronized void observed(Instant databaseNow, long roundTripNanos) {
    long spread = Math.max(0, roundTripNanos);
    if (!everSet) {
      everSet = true;
      set(databaseNow.plusNanos(spread / 2), 0);
      return;
    }
    Instant now = instant();
    Instant latest = databaseNow.plusNanos(spread);
    if (now.isBefore(databaseNow)) {
      putForward(now, databaseNow);
    } else if (now.isAfter(latest)) {
      set(now, -nanos(latest, now));
    } else {
      set(now, 0);
    }
  }

  private void putForward(Instant now, Instant target) {
    long behind = nanos(now, target);
    if (behind > LEAP_NANOS) {
      set(target, 0);
    } else {
      set(now, behind);
    }
  }

  private void set(Instant now, long newError) {
    setAt = nanoTime.getAsLong();
    setTo = now;
    error = newError;
  }

  /** How far the database is ahead, in nanoseconds; a century's difference overflows to a leap. */
  private static long nanos(Instant from, Instant to) {
    try {
      return Duration.between(from, to).toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public synchronized Instant instant() {
    long passed = Math.max(0, nanoTime.getAsLong() - setAt);
    long most = passed / SLOWNESS;
    long mended = Math.max(-most, Math.min(most, error));
    return setTo.plusNanos(passed + mended);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new Zoned(this, zone);
  }

  /** The same clock for another zone: it follows the observations too. */
  private static final class Zoned extends Clock {
    private final DatabaseClock clock;
    private final ZoneId zone;

    Zoned(DatabaseClock clock, ZoneId zone) {
      this.clock = clock;
      this.zone = zone;
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public ZoneId getZone() {
      return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
      return new Zoned(clock, other);
    }
  }
}
