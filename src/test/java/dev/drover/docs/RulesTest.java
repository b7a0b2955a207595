package dev.drover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an alert is told what it is about, and where it says what to do. */
class RulesTest {
  private final AlertRules rules = AlertRules.shipped();

  @Test
  void everyAlertSaysHowUrgentItIsWhatIsMeasuredAndWhatItMeans() {
    assertThat(rules.alerts())
        .hasSizeGreaterThan(30)
        .allSatisfy(
            alert -> {
              assertThat(Json.asObject(alert.get("labels")).get("severity"))
                  .isIn("critical", "warning", "info");
              assertThat(Json.asObject(alert.get("annotations")))
                  .containsOnlyKeys("summary", "description", "runbook_url");
            });
    assertThat(rules.alerts()).extracting(alert -> alert.get("alert")).doesNotHaveDuplicates();
  }

  @Test
  void everyAlertHasItsPlaceInTheRunbook() throws IOException {
    List<String> anchors = Runbook.read().anchors();
    assertThat(rules.alerts())
        .allSatisfy(
            alert -> {
              String name = String.valueOf(alert.get("alert"));
              assertThat(anchors).containsOnlyOnce(name.toLowerCase(Locale.ROOT));
              assertThat(Json.asObject(alert.get("annotations")).get("runbook_url"))
                  .isEqualTo(
                      "{{ $externalLabels.docs_url }}docs/runbook.md#"
                          + name.toLowerCase(Locale.ROOT));
            });
  }

  @Test
  void theRunbookKnowsNoAlertThatThereIsNot() throws IOException {
    Set<String> known =
        rules.alerts().stream()
            .map(alert -> String.valueOf(alert.get("alert")).toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    assertThat(Runbook.read().anchors())
        .filteredOn(anchor -> anchor.matches("drover[a-z]+"))
        .allSatisfy(anchor -> assertThat(known).contains(anchor));
  }

  @Test
  void everyAlertHasATestThatItFiresAndOneThatItDoesNot() {
    assertThat(rules.alerts())
        .allSatisfy(
            alert ->
                assertThat(rules.tests(alert.get("alert")))
                    .as(String.valueOf(alert.get("alert")))
                    .anyMatch(test -> !expected(test).isEmpty())
                    .anyMatch(test -> expected(test).isEmpty()));
  }

  private static List<?> expected(Map<String, Object> test) {
    return (List<?>) test.get("exp_alerts");
  }

  @Test
  void everyMetricThatRulesAndRunbookAskForIsDocumented() throws IOException {
    String documented = Files.readString(Path.of("docs/metrics.md"));
    List<String> asked = new ArrayList<>(Runbook.read().promql());
    rules.all().forEach(rule -> asked.add(String.valueOf(rule.get("expr"))));
    Set<String> recorded =
        rules.all().stream()
            .map(rule -> String.valueOf(rule.get("record")))
            .collect(Collectors.toSet());
    Set<String> metrics =
        asked.stream()
            .flatMap(query -> AlertRules.metrics(query).stream())
            .filter(metric -> !recorded.contains(metric))
            .collect(Collectors.toSet());
    assertThat(metrics).contains("drover_runs_total", "drover_lease_held", "up");
    assertThat(metrics).filteredOn(metric -> !isDocumented(metric, documented)).isEmpty();
  }

  /** Ours by their names; those of others at least by their families, as in {@code jvm_*}. */
  private static boolean isDocumented(String metric, String documented) {
    String family = metric.replaceFirst("_(bucket|count|sum|max)$", "");
    return metric.equals("up")
        || metric.startsWith("node_")
        || documented.contains("`" + family)
        || (!metric.startsWith("drover_")
            && documented.contains("`" + metric.substring(0, metric.indexOf('_') + 1)));
  }
}
