package dev.drover.telemetry;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a metric is and means. Meters are made of these alone, so that there is none without a line
 * in the documentation.
 */
final class Metric {
  /** From 5 ms to four hours: runs. */
  static final double[] RUN_SECONDS = {
    0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400
  };

  /** From half a minute to a day: alerts. */
  static final double[] ALERT_SECONDS = {
    30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400
  };

  private final String name;
  private final Kind kind;
  private final @Nullable String unit;
  private final double[] buckets;
  private final List<String> labels;
  private final String meaning;

  /** What Prometheus makes of it. */
  enum Kind {
    COUNTER,
    GAUGE,
    CLUSTER_GAUGE,
    HISTOGRAM,
    SUMMARY
  }

  private Metric(
      String name,
      Kind kind,
      @Nullable String unit,
      double[] buckets,
      List<String> labels,
      String meaning) {
    this.name = name;
    this.kind = kind;
    this.unit = unit;
    this.buckets = buckets;
    this.labels = labels;
    this.meaning = meaning;
  }

  static Metric counter(String name, String meaning, String... labels) {
    return new Metric(name, Kind.COUNTER, null, new double[0], List.of(labels), meaning);
  }

  /** Something of this server. */
  static Metric gauge(String name, @Nullable String unit, String meaning, String... labels) {
    return new Metric(name, Kind.GAUGE, unit, new double[0], List.of(labels), meaning);
  }

  /** Something in the database, of which all servers say the same. */
  static Metric cluster(String name, @Nullable String unit, String meaning, String... labels) {
    return new Metric(name, Kind.CLUSTER_GAUGE, unit, new double[0], List.of(labels), meaning);
  }

  static Metric histogram(
      String name, String unit, double[] buckets, String meaning, String... labels) {
    return new Metric(name, Kind.HISTOGRAM, unit, buckets.clone(), List.of(labels), meaning);
  }

  /** Without buckets and quantiles: how many, and their sum. */
  static Metric summary(String name, String unit, String meaning, String... labels) {
    return new Metric(name, Kind.SUMMARY, unit, new double[0], List.of(labels), meaning);
  }

  /** As Micrometer wants it. */
  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  @Nullable String unit() {
    return unit;
  }

  double[] buckets() {
    return buckets.clone();
  }

  List<String> labels() {
    return labels;
  }

  String meaning() {
    return meaning;
  }

  /** As Prometheus has it, without the endings of its parts. */
  String exposed() {
    String base = name.replace('.', '_');
    if (kind == Kind.COUNTER) {
      return base + "_total";
    }
    return unit == null ? base : base + "_" + unit;
  }

  @Override
  public String toString() {
    return exposed() + labels + (buckets.length == 0 ? "" : Arrays.toString(buckets));
  }
}
