package dev.drover.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus watches a number of the test; a real Alertmanager tells the server. */
@Timeout(60)
class RealAlertmanagerIT {
  private static final String WORKFLOW =
      """
      name: mend
      triggers:
        - alert: { match: { alertname: NumberIsHigh, severity: [warning, critical] } }
      nodes:
        look: { value: "${{ trigger.alert.annotations.summary }}" }
      outputs: { seen: "${{ nodes.look.output }}" }
      """;

  @TempDir private static Path home;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static RealMonitoring monitoring;
  private static HttpServer watched;
  private static RunningServer server;
  private static String project;

  @BeforeAll
  static void start() throws IOException {
    monitoring = RealMonitoring.in(home);
    server = RunningServer.in(home);
    project = server.newProject();
    server.deploy(project, WORKFLOW);
    watched = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    watched.createContext(
        "/metrics",
        exchange -> {
          byte[] body = "number %d\n".formatted(NUMBER.get()).getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    watched.start();
    startAlertmanager();
    startPrometheus();
  }

  @AfterAll
  static void stop() {
    if (monitoring != null) {
      monitoring.close();
    }
    if (watched != null) {
      watched.stop(0);
    }
    if (server != null) {
      server.close();
    }
  }

  private static void startAlertmanager() throws IOException {
    new ServerFiles(home)
        .write(
            "alertmanager.yml",
            """
            route:
              receiver: drover
              group_by: [alertname]
              group_wait: 1s
              group_interval: 1s
              repeat_interval: 1s
            receivers:
              - name: drover
                webhook_configs:
                  - url: http://127.0.0.1:%d/api/webhooks/alertmanager/%s
                    send_resolved: true
            """
                .formatted(server.port(), project));
    monitoring.startAlertmanager();
  }

  private static void startPrometheus() throws IOException {
    new ServerFiles(home)
        .write(
            "prometheus.yml",
            """
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: test
                static_configs: [ { targets: ["127.0.0.1:%d"] } ]
            alerting:
              alertmanagers:
                - static_configs: [ { targets: ["127.0.0.1:%d"] } ]
            """
                .formatted(watched.getAddress().getPort(), monitoring.alertmanagerPort()))
        .write(
            "rules.yml",
            """
            groups:
              - name: test
                rules:
                  - alert: NumberIsHigh
                    expr: number > 0
                    labels: { severity: critical }
                    annotations: { summary: "it is {{ $value }}" }
            """);
    monitoring.startPrometheus();
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(25)).pollInterval(Duration.ofMillis(100));
  }

  private static List<Map<String, Object>> episodes() {
    return server.get("/api/alerts?project=" + project).is(200).list("items");
  }

  @Test
  void aFiringRuleOpensOneRunItsRepeatsNoneAndItsResolveIsRecorded() {
    NUMBER.set(7);
    soon().until(() -> !episodes().isEmpty());
    Map<String, Object> first = episodes().get(0);
    assertThat(first).containsEntry("state", "OPEN").containsEntry("matched", true);
    server.allSucceeded(project, 1);
    Reply run = server.get("/api/runs?project=" + project);
    Reply ended = server.ended(project, run.text("items.0.id"));
    assertThat(ended.at("outputs")).isEqualTo(Map.of("seen", "it is 7"));

    soon().until(() -> (Long) episodes().get(0).get("firings") >= 3);
    assertThat(server.count(project, "run", "true")).isEqualTo(1);

    NUMBER.set(0);
    soon().until(() -> episodes().get(0).get("state").equals("RESOLVED"));
    assertThat(episodes()).hasSize(1);
    assertThat(episodes().get(0).get("endsAt")).isNotNull();
    assertThat(server.count(project, "run", "true")).isEqualTo(1);

    NUMBER.set(8);
    soon().until(() -> episodes().size() == 2);
    server.allSucceeded(project, 2);
    assertThat(episodes()).extracting(e -> e.get("state")).containsExactly("OPEN", "RESOLVED");
    assertThat(episodes().get(0)).containsEntry("fingerprint", first.get("fingerprint"));
  }
}
