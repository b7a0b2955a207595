package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prometheus and Alertmanager with the files of {@code deploy/}, as the stack runs them, token and
 * all: only addresses and waiting times are others.
 */
@Timeout(90)
class StackAlertIT {
  private static final Path DEPLOY = Path.of("deploy").toAbsolutePath();
  private static final String WORKFLOW = "workflows/diamond.yaml";
  private static final String TOKEN = "s3cret-of-the-stack";

  @TempDir private static Path home;
  private static RealMonitoring monitoring;
  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    RequiredTool.assume("amtool");
    monitoring = RealMonitoring.in(home);
    new ServerFiles(home).write(WORKFLOW, Files.readString(DEPLOY.resolveSibling(WORKFLOW)));
    server = RunningServer.in(home, "--drover.auth.token=" + TOKEN);
    new ServerFiles(home)
        .write("token", TOKEN)
        .write(
            "alertmanager.yml",
            here(DEPLOY.resolve("alertmanager/alertmanager.yml"))
                .replace("/run/secrets/drover-token", home.resolve("token").toString())
                .replace("group_wait: 5s", "group_wait: 1s"));
    monitoring.startAlertmanager();
    Path prometheus = DEPLOY.resolve("prometheus");
    new ServerFiles(home)
        .write(
            "prometheus.yml",
            here(prometheus.resolve("prometheus.yml"))
                .replace("_interval: 15s", "_interval: 2s")
                .replace("rules/*.yml", prometheus.resolve("rules") + "/*.yml"))
        .write("targets/jobs.yml", here(prometheus.resolve("compose-targets/jobs.yml")))
        .write(
            "targets/alertmanagers.yml",
            here(prometheus.resolve("compose-targets/alertmanagers.yml")));
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

  /** Services that are not here get a port of this machine at which nobody listens. */
  private static String here(Path file) throws IOException {
    return Files.readString(file)
        .replace("drover:9002", "127.0.0.1:" + server.port())
        .replace("drover:9464", "127.0.0.1:" + server.metricsPort())
        .replace("alertmanager:9093", "127.0.0.1:" + monitoring.alertmanagerPort())
        .replaceAll("\\[[a-z-]+:\\d+]", "[127.0.0.1:1]");
  }

  private static ConditionFactory soon() {
    return await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(IOException.class);
  }

  private static Reply authorized(String path) {
    return server.send(server.request(path).header("Authorization", "Bearer " + TOKEN));
  }

  @Test
  void theFirstAlertOfTheReadmeOpensItsRun() {
    soon().until(() -> authorized("/api/workflows/diamond").status() == 200);
    String[] command = {
      "amtool",
      "--alertmanager.url=http://127.0.0.1:" + monitoring.alertmanagerPort(),
      "alert",
      "add",
      "alertname=DiskWillFill",
      "instance=db-1",
      "severity=warning"
    };
    soon().until(() -> new ProcessBuilder(command).start().waitFor() == 0);

    String runs = "/api/runs?workflow=diamond&limit=1";
    soon()
        .until(
            () ->
                authorized(runs).is(200).list("items").stream()
                    .anyMatch(run -> "SUCCEEDED".equals(run.get("state"))));
    assertThat(server.get(runs).status()).isEqualTo(401);
  }

  @Test
  void prometheusScrapesEveryJobOfTheStack() {
    soon()
        .untilAsserted(
            () -> {
              List<Map<String, Object>> up = monitoring.query("up");
              assertThat(up)
                  .extracting(sample -> Json.asObject(sample.get("metric")).get("job"))
                  .containsExactlyInAnyOrder(
                      "drover",
                      "prometheus",
                      "alertmanager",
                      "grafana",
                      "tempo",
                      "loki",
                      "otel-collector");
              assertThat(monitoring.query("up{job=~\"drover|alertmanager\"} == 1")).hasSize(2);
            });
  }
}
