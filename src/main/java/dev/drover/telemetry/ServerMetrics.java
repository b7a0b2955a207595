package dev.drover.telemetry;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** This server as metrics: how much it carries, its lease, what it is. */
public final class ServerMetrics {
  static final Metric IN_FLIGHT =
      Metric.gauge("drover.runs.in.flight", null, "runs that this server carries forward now");
  static final Metric LIMIT =
      Metric.gauge(
          "drover.runs.in.flight.limit",
          null,
          "how many it may carry ([`drover.runs.max-in-flight`](configuration.md))");
  static final Metric LEASE =
      Metric.gauge(
          "drover.lease.held",
          null,
          "1: this server holds its lease; 0: it does not, and carries nothing");
  static final Metric LOSSES =
      Metric.counter("drover.lease.losses", "how often this server has lost its lease");
  static final Metric BUILD = Metric.gauge("drover.build.info", null, "1", "version", "java");

  private final Meters meters;

  /** Makes its meters there. */
  public ServerMetrics(Meters meters, String version, String java) {
    this.meters = meters;
    meters.gauge(BUILD, () -> 1, version, java);
  }

  /** Publishes how many runs are carried, and how many may be. */
  public void inFlight(IntSupplier runs, int limit) {
    meters.gauge(IN_FLIGHT, runs::getAsInt);
    meters.gauge(LIMIT, () -> limit);
  }

  /** Publishes whether the lease is held, and how often it was lost. */
  public void lease(BooleanSupplier held, LongSupplier losses) {
    meters.gauge(LEASE, () -> held.getAsBoolean() ? 1 : 0);
    meters.counted(LOSSES, losses);
  }
}
