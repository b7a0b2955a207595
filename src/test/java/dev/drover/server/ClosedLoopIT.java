package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.drover.docs.AlertRules;
import dev.drover.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole loop with the real programs, and with the configuration that comes with Drover, in
 * seconds instead of minutes: a workflow's runs fail, Prometheus sees it in Drover's metrics, a
 * rule fires, Alertmanager tells Drover, a run removes the cause, the alert ends by itself, the run
 * hears of that, and how long it took is a metric.
 */
@Timeout(120)
class ClosedLoopIT {
  private static final Path DEPLOY = Path.of("deploy");

  /** Each second a run; they fail as long as the disk is full. */
  private static final String COPY =
      """
      name: copy
      triggers: [ schedule: { cron: "* * * * * *" } ]
      nodes:
        copy: { agent: copier }
      """;

  private static final String MEND =
      """
      name: make-room
      triggers:
        - alert: { match: { alertname: DroverRunsFail, workflow: copy } }
      nodes:
        clean:
          agent: cleaner
        verify:
          dependsOn: [clean]
          wait: { until: resolved, timeout: 1m }
      outputs: { resolved: "${{ nodes.verify.output.resolved }}" }
      """;

  /** What a server has only with a budget, and what node-exporter has. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "drover_budget_spent",
          "drover_budget_limit",
          "drover_budget_refusals_total",
          "node_filesystem_avail_bytes");

  @TempDir private static Path home;
  private static RealMonitoring monitoring;
  private static RunningServer server;
  private static String project;

  @BeforeAll
  static void start() throws IOException {
    monitoring = RealMonitoring.in(home);
    Path full = home.resolve("full");
    Files.createFile(full);
    new ServerFiles(home)
        .agent("copier", "cat > /dev/null; test ! -e '" + full + "' && printf '{}'")
        .agent("cleaner", "cat > /dev/null; rm '" + full + "' && printf '{}'");
    server = RunningServer.in(home);
    project = server.newProject();
    new ServerFiles(home)
        .write("alertmanager.yml", alertmanager())
        .write("prometheus.yml", prometheus())
        .write("targets/jobs.yml", targets("drover", server.metricsPort()))
        .write("targets/alertmanagers.yml", targets("alertmanager", monitoring.alertmanagerPort()))
        .write("rules/drover.yml", rules());
    monitoring.startAlertmanager();
    monitoring.startPrometheus();
  }

  @AfterAll
  static void stop() {
    if (monitoring != null) {
      monitoring.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /** People get all about Drover, but for what our workflow mends: that it gets too. */
  private static String alertmanager() throws IOException {
    return Files.readString(DEPLOY.resolve("alertmanager/local.yml"))
        .replaceAll("(group_wait|group_interval): \\w+", "$1: 1s")
        .replaceAll(
            "http://[a-z0-9.]+:9002/api/webhooks/alertmanager",
            "http://127.0.0.1:" + server.port() + "/api/webhooks/alertmanager/" + project)
        .replaceFirst(
            "\n  routes:\n",
            """

              routes:
                - matchers: [alertname="DroverRunsFail", workflow="copy"]
                  receiver: drover
                  continue: true
            """);
  }

  private static String prometheus() throws IOException {
    return Files.readString(DEPLOY.resolve("prometheus/prometheus.yml"))
        .replaceAll("_interval: \\w+", "_interval: 1s");
  }

  private static String targets(String job, int port) {
    return "- targets: [127.0.0.1:%d]\n  labels: { job: %s }\n".formatted(port, job);
  }

  /** What looks back for a quarter of an hour looks back for five seconds. */
  private static String rules() throws IOException {
    return Files.readString(DEPLOY.resolve("prometheus/rules/drover.yml"))
        .replace("15m]", "5s]")
        .replace("offset 15m", "offset 5s")
        .replace("bool 900", "bool 5");
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
  }

  @Test
  void aRuleOnAMetricOfDroverFiresARunMendsItTheAlertEndsAndTheTimeThatItTookIsAMetric()
      throws IOException, InterruptedException {
    soon().until(() -> server.submit(project, MEND).status() == 201);
    soon().until(() -> server.submit(project, COPY).status() == 201);
    String path = "/api/runs?project=" + project + "&workflow=make-room";
    soon().until(() -> !server.get(path).is(200).list("items").isEmpty());
    assertThat(server.count(project, "run", "workflow = 'copy' and state = 'FAILED'"))
        .isGreaterThanOrEqualTo(1);

    Reply run = server.ended(project, server.get(path).text("items.0.id"));
    assertThat(run.text("state")).as(run.body()).isEqualTo("SUCCEEDED");
    assertThat(run.at("outputs")).isEqualTo(Map.of("resolved", true));
    assertThat(server.get(path).list("items")).hasSize(1);
    List<Map<String, Object>> episodes =
        server.get("/api/alerts?project=" + project).is(200).list("items");
    assertThat(episodes).extracting(e -> e.get("state")).containsExactly("RESOLVED");
    assertThat(monitoring.query("ALERTS{alertname=\"DroverRunsFail\"}")).isEmpty();
    assertThat(monitoring.alerts()).doesNotContain("DroverRunsFail");

    remediationIsMeasured(episodes.get(0));
    rulesAskForWhatThereIs();
  }

  private static void rulesAskForWhatThereIs() throws IOException, InterruptedException {
    List<Object> evaluated =
        monitoring.rules().stream()
            .flatMap(group -> ((List<?>) group.get("rules")).stream())
            .map(rule -> Json.asObject(rule).get("health"))
            .toList();
    assertThat(evaluated).hasSizeGreaterThan(40).containsOnly("ok");
    Set<String> missing = new TreeSet<>();
    for (Map<String, Object> rule : AlertRules.shipped().all()) {
      missing.addAll(AlertRules.metrics(String.valueOf(rule.get("expr"))));
    }
    monitoring.metrics().forEach(missing::remove);
    assertThat(missing).isEqualTo(ELSEWHERE);
  }

  private static void remediationIsMeasured(Map<String, Object> episode) {
    String whose = "project=\"" + project + "\",workflow=\"make-room\"";
    assertThat(server.metric("drover_remediations_total{outcome=\"resolved\"," + whose + "}"))
        .isEqualTo(1);
    assertThat(server.metric("drover_remediation_seconds_count{" + whose + "}")).isEqualTo(1);
    Duration took =
        Duration.between(
            Instant.parse((String) episode.get("startsAt")),
            Instant.parse((String) episode.get("endsAt")));
    soon()
        .untilAsserted(
            () ->
                assertThat(
                        monitoring.query(
                            "drover_remediation_seconds_sum{workflow=\"make-room\"} / "
                                + "drover_remediation_seconds_count"))
                    .singleElement()
                    .satisfies(
                        sample ->
                            assertThat(Double.parseDouble(value(sample)))
                                .isCloseTo(took.toMillis() / 1_000.0, within(0.01))));
  }

  private static String value(Map<String, Object> sample) {
    return (String) ((List<?>) sample.get("value")).get(1);
  }
}
