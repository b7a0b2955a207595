package dev.drover.schedule;

import dev.drover.workflow.Trigger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.springframework.scheduling.support.CronExpression;

/**
 * The times of a schedule. Where clocks are put forward, a time that does not exist is left out;
 * where they are put back, a time that occurs twice is taken twice.
 */
final class Times {
  private final CronExpression cron;
  private final ZoneId zone;

  /** Throws IllegalArgumentException if there is no such expression. */
  Times(Trigger.Schedule schedule) {
    this.cron = CronExpression.parse(schedule.cron());
    this.zone = schedule.zone();
  }

  /** The first time behind an instant; empty if there is none any more. */
  Optional<Instant> next(Instant after) {
    ZonedDateTime next = cron.next(after.atZone(zone));
    return Optional.ofNullable(next).map(ZonedDateTime::toInstant);
  }

  /**
   * The last time that is not behind {@code now}; found by halving, so that a second's schedule may
   * have been missed for years.
   *
   * @param first one of the times, not behind {@code now}
   */
  Instant last(Instant first, Instant now) {
    if (!comesBy(first, now)) {
      return first;
    }
    long one = first.getEpochSecond(); // a time comes behind it, and by now
    long none = now.getEpochSecond();
    while (none - one > 1) {
      long middle = one + (none - one) / 2;
      if (comesBy(Instant.ofEpochSecond(middle), now)) {
        one = middle;
      } else {
        none = middle;
      }
    }
    return next(Instant.ofEpochSecond(one)).orElse(first);
  }

  private boolean comesBy(Instant after, Instant now) {
    return next(after).filter(time -> !time.isAfter(now)).isPresent();
  }

  /** How many times there are from one on and before another, counted to {@code limit} at most. */
  int count(Instant from, Instant before, int limit) {
    int count = 0;
    Optional<Instant> time = Optional.of(from);
    while (count < limit && time.isPresent() && time.get().isBefore(before)) {
      count++;
      time = next(time.get());
    }
    return count;
  }
}
