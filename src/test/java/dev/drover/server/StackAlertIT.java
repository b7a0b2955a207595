package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prometheus and Alertmanager with the files of {@code deploy/}, as the stack runs them: only
 * addresses and waiting times are others.
 */
@Timeout(120)
class StackAlertIT {
  private static final Path DEPLOY = Path.of("deploy").toAbsolutePath();
  private static final Path WORKFLOW = Path.of("workflows/diamond.yaml").toAbsolutePath();
  private static final String TOKEN = "s3cret-of-the-stack";

  @TempDir private static Path home;
  private static final List<Process> PROCESSES = new ArrayList<>();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static RunningServer server;
  private static int alertmanager;
  private static int prometheus;

  @BeforeAll
  static void start() throws IOException {
    RequiredTool.assume("prometheus");
    RequiredTool.assume("prometheus-alertmanager");
    RequiredTool.assume("amtool");
    alertmanager = freePort();
    prometheus = freePort();
    new ServerFiles(home).write("workflows/diamond.yaml", Files.readString(WORKFLOW));
    server = RunningServer.in(home, "--drover.auth.token=" + TOKEN);
    startAlertmanager();
    startPrometheus();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    PROCESSES.forEach(Process::destroyForcibly);
    for (Process process : PROCESSES) {
      process.waitFor(5, TimeUnit.SECONDS);
    }
    if (server != null) {
      server.close();
    }
  }

  private static void startAlertmanager() throws IOException {
    String file =
        Files.readString(DEPLOY.resolve("alertmanager/alertmanager.yml"))
            .replace("drover:9002", "127.0.0.1:" + server.port())
            .replace("/run/secrets/drover-token", home.resolve("token").toString())
            .replace("group_wait: 5s", "group_wait: 1s");
    new ServerFiles(home).write("token", TOKEN).write("alertmanager.yml", file);
    run(
        "prometheus-alertmanager",
        "--config.file=" + home.resolve("alertmanager.yml"),
        "--storage.path=" + home.resolve("alertmanager"),
        "--web.listen-address=127.0.0.1:" + alertmanager,
        "--cluster.listen-address=");
  }

  private static void startPrometheus() throws IOException {
    Path from = DEPLOY.resolve("prometheus");
    String targets = Files.readString(from.resolve("compose-targets/jobs.yml"));
    String alertmanagers = Files.readString(from.resolve("compose-targets/alertmanagers.yml"));
    new ServerFiles(home)
        .write(
            "prometheus.yml",
            Files.readString(from.resolve("prometheus.yml"))
                .replace("_interval: 15s", "_interval: 2s")
                .replace("rules/*.yml", from.resolve("rules") + "/*.yml"))
        .write("targets/jobs.yml", here(targets))
        .write("targets/alertmanagers.yml", here(alertmanagers));
    run(
        "prometheus",
        "--config.file=" + home.resolve("prometheus.yml"),
        "--storage.tsdb.path=" + home.resolve("prometheus"),
        "--web.listen-address=127.0.0.1:" + prometheus,
        "--enable-feature=exemplar-storage",
        "--web.enable-remote-write-receiver");
  }

  /** Services that are not here get a port of this machine at which nobody listens. */
  private static String here(String targets) {
    return targets
        .replace("drover:9464", "127.0.0.1:" + server.metricsPort())
        .replace("alertmanager:9093", "127.0.0.1:" + alertmanager)
        .replace("localhost:9090", "127.0.0.1:" + prometheus)
        .replaceAll("\\[[a-z-]+:\\d+]", "[127.0.0.1:1]");
  }

  private static void run(String... command) throws IOException {
    PROCESSES.add(
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve(command[0] + ".log").toFile())
            .start());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static ConditionFactory soon() {
    return await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(100))
        .ignoreException(IOException.class);
  }

  private static Reply get(String uri, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(10));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return Reply.of(CLIENT.send(request.build(), BodyHandlers.ofString()));
  }

  private static Reply ofDrover(String path) throws Exception {
    return get(
        "http://127.0.0.1:" + server.port() + path, "Authorization", "Bearer " + TOKEN);
  }

  @Test
  void theFirstAlertOfTheReadmeOpensItsRun() throws Exception {
    soon().until(() -> ofDrover("/api/workflows/diamond").status() == 200);
    String[] command = {
      "amtool", "--alertmanager.url=http://127.0.0.1:" + alertmanager, "alert", "add",
      "alertname=DiskWillFill", "instance=db-1", "severity=warning"
    };
    soon().until(() -> new ProcessBuilder(command).start().waitFor() == 0);

    String runs = "/api/runs?workflow=diamond&limit=1";
    soon()
        .until(
            () ->
                ofDrover(runs).is(200).list("items").stream()
                    .anyMatch(run -> "SUCCEEDED".equals(run.get("state"))));
    assertThat(server.get(runs).status()).isEqualTo(401);
  }

  @Test
  void prometheusScrapesDroverAndKnowsAlertmanager() throws Exception {
    String api = "http://127.0.0.1:" + prometheus + "/api/v1/";
    String up = api + "query?query=up%7Bjob%3D%22drover%22%7D";
    soon().until(() -> get(up).body().contains(",\"1\"]"));
    soon().until(() -> !get(api + "alertmanagers").list("data.activeAlertmanagers").isEmpty());
    List<Object> jobs =
        get(api + "targets").list("data.activeTargets").stream()
            .map(target -> Json.asObject(target.get("labels")).get("job"))
            .toList();
    assertThat(jobs)
        .containsExactlyInAnyOrder(
            "drover", "prometheus", "alertmanager", "grafana", "tempo", "loki", "otel-collector");
  }
}
