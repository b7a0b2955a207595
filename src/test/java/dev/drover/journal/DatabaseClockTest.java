package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The clock that follows the database's. */
class DatabaseClockTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final long MILLI = 1_000_000;

  private final AtomicLong nanos = new AtomicLong(-5_000);
  private final DatabaseClock clock =
      new DatabaseClock(Clock.fixed(START, ZoneOffset.UTC), nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void passSeconds(long seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  @Test
  void goesByTheMachinesClockUntilTheDatabaseSaysSomething() {
    passSeconds(3);
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(3));
  }

  @Test
  void firstObservationSetsItWhicheverWay() {
    clock.observed(START.minusSeconds(7200), 2 * MILLI);
    assertThat(clock.instant()).isEqualTo(START.minusSeconds(7200).plusMillis(1));
    passSeconds(60);
    assertThat(clock.instant()).isEqualTo(START.minusSeconds(7140).plusMillis(1));
  }

  @Test
  void isLeftAloneWithinTheBoundsOfAnObservation() {
    clock.observed(START, 0);
    passSeconds(1);
    clock.observed(START.plusMillis(700), 600 * MILLI);
    passSeconds(1);
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(2));
  }

  @Test
  void goesSlowerWhenItIsAheadUntilItIsRight() {
    clock.observed(START, 0);
    passSeconds(10);
    clock.observed(START.plusMillis(9_500), 0);
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(10));
    pass(Duration.ofMillis(400));
    assertThat(clock.instant()).isEqualTo(START.plusMillis(10_200));
    pass(Duration.ofMillis(600));
    assertThat(clock.instant()).isEqualTo(START.plusMillis(10_500));
    passSeconds(5);
    assertThat(clock.instant()).isEqualTo(START.plusMillis(15_500));
  }

  @Test
  void goesFasterWhenItIsALittleBehind() {
    clock.observed(START, 0);
    passSeconds(10);
    clock.observed(START.plusMillis(10_500), 0);
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(10));
    passSeconds(1);
    assertThat(clock.instant()).isEqualTo(START.plusMillis(11_500));
    passSeconds(1);
    assertThat(clock.instant()).isEqualTo(START.plusMillis(12_500));
  }

  @Test
  void leapsForwardWhenTheMachineSlept() {
    clock.observed(START, 0);
    clock.observed(START.plusSeconds(3600), MILLI);
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(3600));
  }

  @Test
  void standsTheDatabaseBeingSetBackAnHour() {
    clock.observed(START, 0);
    clock.observed(START.minusSeconds(3600), 0);
    passSeconds(60);
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(30));
    clock.observed(START.minusSeconds(3540), 0);
    passSeconds(2 * 3600);
    assertThat(clock.instant()).isEqualTo(START.minusSeconds(3540).plusSeconds(2 * 3600));
  }

  @Test
  void standsTimesThatAreBeyondAnyDifference() {
    clock.observed(START, 0);
    clock.observed(Instant.parse("9999-01-01T00:00:00Z"), 0);
    assertThat(clock.instant()).isEqualTo("9999-01-01T00:00:00Z");
    clock.observed(START, 0);
    passSeconds(2);
    assertThat(clock.instant()).isEqualTo("9999-01-01T00:00:01Z");
  }

  @Test
  void neverGoesBackwardsAndComesToWithinTheRoundTrip() {
    Random random = new Random(7);
    Instant database = START.plusSeconds(300);
    clock.observed(database, 0);
    Instant last = clock.instant();
    for (int i = 0; i < 5_000; i++) {
      long step = random.nextLong(1_200 * MILLI);
      nanos.addAndGet(step);
      // The database's clock goes 0.1 % faster, and its answers take up to 50 ms to come back.
      database = database.plusNanos(step + step / 1_000);
      long trip = random.nextLong(50 * MILLI);
      clock.observed(database.minusNanos((long) (trip * random.nextDouble())), trip);
      Instant now = clock.instant();
      assertThat(now).isAfterOrEqualTo(last);
      assertThat(Duration.between(now, database).abs()).isLessThan(Duration.ofMillis(60));
      last = now;
    }
  }

  @Test
  void anotherZoneIsTheSameClock() {
    Clock berlin = clock.withZone(ZoneId.of("Europe/Berlin"));
    clock.observed(START.plusSeconds(50), 0);
    assertThat(berlin.instant()).isEqualTo(START.plusSeconds(50));
    assertThat(berlin.getZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(berlin.withZone(ZoneOffset.UTC).instant()).isEqualTo(clock.instant());
    assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
  }
}
