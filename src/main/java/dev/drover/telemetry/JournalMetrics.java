package dev.drover.telemetry;

import dev.drover.journal.WriterListener;
import java.time.Duration;
import java.util.function.IntSupplier;

/** How the journal's writer gets on, as metrics. */
public final class JournalMetrics implements WriterListener {
  private static final double[] SECONDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5
  };

  static final Metric COMMIT =
      Metric.histogram(
          "drover.journal.commit",
          "seconds",
          SECONDS,
          "a transaction of the journal's writer. Lines of logs, which another one writes, are"
              + " not in these");
  static final Metric WAIT =
      Metric.histogram(
          "drover.journal.wait",
          "seconds",
          SECONDS,
          "from an entry being handed to the writer to its being durable");
  static final Metric BATCH =
      Metric.histogram(
          "drover.journal.batch",
          "entries",
          new double[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000},
          "entries of a transaction");
  static final Metric QUEUE =
      Metric.gauge(
          "drover.journal.queue", "entries", "entries that wait for their transaction now");
  static final Metric FAILURES =
      Metric.counter(
          "drover.journal.failures",
          "transactions that failed, or whose connection broke: refused data, a lost lease, a"
              + " database that is away");

  private final Meters meters;

  /** Makes its meters there. */
  public JournalMetrics(Meters meters) {
    this.meters = meters;
    meters.distribution(COMMIT);
    meters.distribution(WAIT);
    meters.distribution(BATCH);
    meters.counter(FAILURES);
  }

  /** Publishes how many entries wait now. */
  public void queue(IntSupplier entries) {
    meters.gauge(QUEUE, entries::getAsInt);
  }

  @Override
  public void committed(int entries, Duration took) {
    meters.record(COMMIT, took);
    meters.distribution(BATCH).record(entries);
  }

  @Override
  public void durable(Duration waited) {
    meters.record(WAIT, waited);
  }

  @Override
  public void failed() {
    meters.counter(FAILURES).increment();
  }
}
