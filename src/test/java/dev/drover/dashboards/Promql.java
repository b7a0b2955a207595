package dev.drover.dashboards;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What can be seen in a query without evaluating it. Prometheus itself does that in a test. */
final class Promql {
  private static final Pattern METRIC =
      Pattern.compile(
          "\\b(?:drover|camel|http|hikaricp|jvm|process|system|logback)_[a-z0-9_]+(?![a-z0-9_(])");
  private static final Pattern DOCUMENTED = Pattern.compile("`([a-z][a-z0-9_]+)(\\*?)");
  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern COUNTER =
      Pattern.compile("\\b[a-z][a-z0-9_]*_(?:total|bucket|sum|count)\\b(?:\\{[^}]*})?(.?)");
  private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Pattern TRACED =
      Pattern.compile(
          "(drover_(run_duration|run_queue|agent_duration|intake|remediation)|http_server_requests)"
              + "_seconds_bucket");

  /** Every server publishes the same number of the whole cluster. */
  private static final Pattern CLUSTER =
      Pattern.compile(
          "\\bdrover_(runs_current|runs_oldest_seconds|waits_current|approvals_oldest_seconds"
              + "|runs_unowned|runs_overdue|budget_spent|budget_limit|servers|timers_due"
              + "|timers_lag_seconds|episodes_current)\\b");

  /** The largest is taken of what follows, of all servers: its grouping does not name them. */
  private static final Pattern LARGEST =
      Pattern.compile("\\bmax(?: by \\((?![^)]*\\binstance\\b)[^)]*\\) )?\\($");

  private Promql() {}

  /** The names of metrics. */
  static Set<String> metrics(String query) {
    Set<String> names = new TreeSet<>();
    METRIC.matcher(withoutTexts(query)).results().map(MatchResult::group).forEach(names::add);
    return names;
  }

  private static String withoutTexts(String query) {
    return TEXT.matcher(query).replaceAll("\"\"");
  }

  /** Whether the docs have it, by its name or by how it begins. */
  static boolean documented(String metric, String docs) {
    String base = metric.replaceFirst("_(bucket|sum|count|max)$", "");
    return DOCUMENTED
        .matcher(docs)
        .results()
        .anyMatch(
            found ->
                found.group(2).isEmpty()
                    ? List.of(metric, base).contains(found.group(1))
                    : metric.startsWith(found.group(1)));
  }

  /** Counters that no rate or increase is taken of; whether they are there at all may be asked. */
  static List<String> bareCounters(String query) {
    String plain = withoutTexts(query).replaceAll("group by \\([^)]*\\) \\([^)]*\\)", "");
    return COUNTER
        .matcher(plain)
        .results()
        .filter(found -> !found.group(1).equals("["))
        .map(MatchResult::group)
        .toList();
  }

  /**
   * Numbers of the cluster that do not stand directly in {@code max(…)} or {@code max by (…) (…)};
   * anything else would count each server.
   */
  static List<String> clusterWithoutMax(String query) {
    String plain = withoutTexts(query);
    return CLUSTER
        .matcher(plain)
        .results()
        .filter(found -> !LARGEST.matcher(plain.substring(0, found.start())).find())
        .map(MatchResult::group)
        .toList();
  }

  /** Whether it is about a histogram whose observations belong to traces. */
  static boolean traced(String query) {
    return TRACED.matcher(query).find();
  }

  /** The labels that a legend names. */
  static List<String> legendLabels(String legend) {
    return LEGEND.matcher(legend).results().map(found -> found.group(1)).toList();
  }

  /** The labels that a query leaves; of a metric as it is, that of the server. */
  static Set<String> labels(String query) {
    Set<String> labels = new TreeSet<>();
    GROUPING
        .matcher(query)
        .results()
        .flatMap(found -> List.of(found.group(1).split(", ")).stream())
        .forEach(labels::add);
    if (labels.isEmpty()) {
      labels.add("instance");
    }
    return labels;
  }
}
