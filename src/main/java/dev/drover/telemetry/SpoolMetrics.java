package dev.drover.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What waits on disk to be stored, as metrics. */
public final class SpoolMetrics {
  private SpoolMetrics() {}

  /**
   * Publishes it.
   *
   * @param deliveries how many wait
   * @param age since when the first one waits; zero if there is none
   */
  public static void register(
      MeterRegistry registry, IntSupplier deliveries, Supplier<Duration> age) {
    Gauge.builder("drover.alerts.spooled", deliveries, IntSupplier::getAsInt)
        .description("Deliveries that wait on disk to be stored")
        .strongReference(true)
        .register(registry);
    Gauge.builder("drover.alerts.spooled.age", age, a -> a.get().toMillis() / 1_000.0)
        .description("For how long the first of them has waited")
        .baseUnit("seconds")
        .strongReference(true)
        .register(registry);
  }
}
