package dev.drover.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The meters of {@link Metric}s, each made once: to look one up by its labels costs a fraction of
 * what Micrometer takes to find it.
 */
public final class Meters {
  private static final double NANOS = 1e9;

  private final MeterRegistry registry;
  private final Labels labels = new Labels();
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
  private final Map<Key, DistributionSummary> distributions = new ConcurrentHashMap<>();

  /** Writes to the given registry. */
  public Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  private record Key(Metric metric, List<String> values) {}

  /** The labels that are bounded. */
  Labels labels() {
    return labels;
  }

  /** The counter of these values of its labels, in their order; there from now on. */
  Counter counter(Metric metric, String... values) {
    Key key = new Key(metric, List.of(values));
    Counter known = counters.get(key); // does not lock
    return known == null ? counters.computeIfAbsent(key, this::newCounter) : known;
  }

  private Counter newCounter(Key key) {
    return Counter.builder(key.metric.name())
        .description(key.metric.meaning())
        .tags(tags(key.metric, key.values))
        .register(registry);
  }

  /** Notes a time, of which there is none below zero. */
  void record(Metric metric, Duration time, String... values) {
    double seconds = time.isNegative() ? 0 : time.getSeconds() + time.getNano() / NANOS;
    distribution(metric, values).record(seconds);
  }

  /** The histogram or summary of these values of its labels. */
  DistributionSummary distribution(Metric metric, String... values) {
    Key key = new Key(metric, List.of(values));
    DistributionSummary known = distributions.get(key); // does not lock
    return known == null ? distributions.computeIfAbsent(key, this::newDistribution) : known;
  }

  private DistributionSummary newDistribution(Key key) {
    DistributionSummary.Builder builder =
        DistributionSummary.builder(key.metric.name())
            .description(key.metric.meaning())
            .baseUnit(key.metric.unit())
            .tags(tags(key.metric, key.values));
    if (key.metric.kind() == Metric.Kind.HISTOGRAM) {
      builder.serviceLevelObjectives(key.metric.buckets());
    }
    return builder.register(registry);
  }

  /** A gauge that is read when it is asked for. */
  void gauge(Metric metric, DoubleSupplier value, String... values) {
    Gauge.builder(metric.name(), value, DoubleSupplier::getAsDouble)
        .description(metric.meaning())
        .baseUnit(metric.unit())
        .tags(tags(metric, List.of(values)))
        .strongReference(true)
        .register(registry);
  }

  /** A counter that somebody else keeps. */
  void counted(Metric metric, LongSupplier count) {
    FunctionCounter.builder(metric.name(), count, LongSupplier::getAsLong)
        .description(metric.meaning())
        .register(registry);
  }

  /** Gauges whose rows come and go. */
  Rows rows(Metric metric) {
    MultiGauge gauge =
        MultiGauge.builder(metric.name())
            .description(metric.meaning())
            .baseUnit(metric.unit())
            .register(registry);
    return new Rows(metric, gauge);
  }

  /** All rows of a gauge. */
  record Rows(Metric metric, MultiGauge gauge) {
    /** Replaces them all. */
    void set(Map<List<String>, DoubleSupplier> rows) {
      List<MultiGauge.Row<?>> all = new ArrayList<>();
      rows.forEach(
          (values, value) ->
              all.add(MultiGauge.Row.of(tags(metric, values), value, DoubleSupplier::getAsDouble)));
      gauge.register(all, true);
    }
  }

  private static Tags tags(Metric metric, List<String> values) {
    if (values.size() != metric.labels().size()) {
      throw new IllegalArgumentException(metric + " has other labels than " + values);
    }
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      tags.add(Tag.of(metric.labels().get(i), values.get(i)));
    }
    return Tags.of(tags);
  }
}
