package dev.drover.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** All metrics of Drover, in the order of the documentation, which is made of it. */
public final class Catalogue {
  private static final List<Section> SECTIONS =
      List.of(
          new Section(
              "Runs",
              List.of(
                  RunMetrics.OPENED,
                  RunMetrics.ENDED,
                  RunMetrics.DURATION,
                  RunMetrics.QUEUE,
                  ServerMetrics.IN_FLIGHT,
                  ServerMetrics.LIMIT,
                  ClusterMetrics.RUNS,
                  ClusterMetrics.RUNS_OLDEST,
                  ClusterMetrics.WAITS,
                  ClusterMetrics.APPROVALS_OLDEST,
                  ClusterMetrics.UNOWNED,
                  ClusterMetrics.OVERDUE)),
          new Section(
              "Nodes and agents",
              List.of(
                  RunMetrics.NODE,
                  RunMetrics.RETRIES,
                  AgentMetrics.RUNS,
                  AgentMetrics.DURATION,
                  AgentMetrics.SECONDS,
                  AgentMetrics.COST,
                  AgentMetrics.AVAILABLE,
                  ClusterMetrics.SPENT,
                  ClusterMetrics.LIMIT,
                  RunMetrics.REFUSALS)),
          new Section(
              "Engine",
              List.of(
                  ClusterMetrics.SERVERS,
                  ServerMetrics.LEASE,
                  ServerMetrics.LOSSES,
                  RunMetrics.RESUMED,
                  RunMetrics.TAKEN_OVER,
                  JournalMetrics.COMMIT,
                  JournalMetrics.WAIT,
                  JournalMetrics.BATCH,
                  JournalMetrics.QUEUE,
                  JournalMetrics.FAILURES,
                  ClusterMetrics.TIMERS_DUE,
                  ClusterMetrics.TIMERS_LAG,
                  ClusterMetrics.AGE,
                  ServerMetrics.BUILD)),
          new Section(
              "Alerts and remediation",
              List.of(
                  AlertMetrics.ALERTS,
                  AlertMetrics.DELIVERIES,
                  AlertMetrics.INTAKE,
                  ClusterMetrics.EPISODES,
                  AlertMetrics.SPOOLED,
                  AlertMetrics.SPOOLED_AGE,
                  AlertMetrics.DURATION,
                  RunMetrics.REMEDIATIONS,
                  RunMetrics.REMEDIATION)));

  private Catalogue() {}

  private record Section(String title, List<Metric> metrics) {}

  /**
   * A metric as those see it who read it.
   *
   * @param name as Prometheus has it, without {@code _bucket}, {@code _count} and the like
   * @param distributed whether it has those
   */
  public record Described(String name, List<String> labels, boolean distributed) {}

  /** All of them. */
  public static List<Described> all() {
    return metrics().stream()
        .map(
            metric ->
                new Described(
                    metric.exposed(),
                    metric.labels(),
                    metric.kind() == Metric.Kind.HISTOGRAM || metric.kind() == Metric.Kind.SUMMARY))
        .toList();
  }

  static List<Metric> metrics() {
    return SECTIONS.stream().flatMap(section -> section.metrics.stream()).toList();
  }

  /** The tables of the documentation. */
  public static String markdown() {
    StringBuilder text = new StringBuilder();
    for (Section section : SECTIONS) {
      text.append("### ").append(section.title).append('\n');
      text.append("| metric | type | labels | meaning |\n|---|---|---|---|\n");
      section.metrics.forEach(metric -> text.append(row(metric)));
      text.append('\n');
    }
    return text.toString();
  }

  private static String row(Metric metric) {
    List<String> cells = new ArrayList<>();
    cells.add("`" + metric.exposed() + "`");
    cells.add(type(metric));
    cells.add(metric.labels().stream().map(l -> "`" + l + "`").collect(Collectors.joining(", ")));
    cells.add(metric.meaning() + buckets(metric));
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String type(Metric metric) {
    return switch (metric.kind()) {
      case COUNTER -> "counter";
      case GAUGE -> "gauge";
      case CLUSTER_GAUGE -> "gauge, cluster";
      case HISTOGRAM -> "histogram";
      case SUMMARY -> "summary, without quantiles";
    };
  }

  private static String buckets(Metric metric) {
    return metric.buckets().length == 0
        ? ""
        : ". Buckets: "
            + Arrays.stream(metric.buckets())
                .mapToObj(Catalogue::plain)
                .collect(Collectors.joining(" "));
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
