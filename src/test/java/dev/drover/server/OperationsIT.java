package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those who run a server see: the API's description, metrics and health. */
class OperationsIT {
  private static final String SUM =
      """
      name: sum
      description: Adds.
      triggers:
        - webhook: { path: sum }
      inputs:
        a: { type: integer, default: 20 }
        b: { type: integer, default: 22 }
      nodes:
        zeta: { value: "${{ inputs.a }}" }
        beta: { value: "${{ inputs.b }}" }
        alpha: { dependsOn: [zeta, beta], value: "${{ nodes.zeta.output + nodes.beta.output }}" }
        never: { dependsOn: [zeta], when: "false", value: 1 }
      outputs: { sum: "${{ nodes.alpha.output }}" }
      """;
  private static final String GREET =
      """
      name: greet
      inputs:
        who: { type: string, default: world }
      nodes:
        hello: { agent: greeter, with: { who: "${{ inputs.who }}" } }
      """;
  private static final String UNKNOWN_ID = "01900000-0000-7000-8000-000000000000";

  @TempDir private static Path home;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    new ServerFiles(home)
        .agent(
            "greeter",
            """
            cat > /dev/null
            echo one >&2
            echo two >&2
            echo three >&2
            printf '{"greeting":"hello"}'
            """,
            "description: Greets.",
            "input: { type: object, properties: { who: { type: string, maxLength: 20 } } }",
            "output: { type: object, required: [greeting] }",
            "effect: none",
            "selfTest: { input: { who: me }, expect: { greeting: hello } }");
    server = RunningServer.in(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theOpenApiDocumentNamesEveryEndpoint() throws Exception {
    Reply reply = server.get("/api/openapi.json").is(200);

    assertThat(reply.contentType()).startsWith("application/json");
    assertThat(reply.text("openapi")).startsWith("3.");
    Set<String> operations = new TreeSet<>();
    Json.asObject(reply.at("paths"))
        .forEach(
            (path, methods) ->
                Json.asObject(methods).keySet().forEach(m -> operations.add(m + " " + path)));
    assertThat(operations)
        .contains(
            "get /api/workflows",
            "post /api/workflows",
            "get /api/workflows/{name}",
            "post /api/workflows/{name}/runs",
            "get /api/runs",
            "get /api/runs/{id}",
            "get /api/runs/{id}/nodes/{node}/log",
            "get /api/runs/{id}/nodes/{node}/attempts",
            "post /api/runs/{id}/nodes/{node}/approve",
            "post /api/runs/{id}/nodes/{node}/reject",
            "post /api/runs/{id}/cancel",
            "post /api/runs/{id}/rerun",
            "post /api/workflows/{name}/pause",
            "post /api/workflows/{name}/resume",
            "get /api/approvals",
            "get /api/quarantine",
            "get /api/audit",
            "get /api/servers",
            "get /api/agents",
            "post /api/agents/{name}/selftest",
            "get /api/alerts",
            "get /api/deliveries",
            "post /api/deliveries/{id}/replay",
            "post /api/webhooks/alertmanager",
            "post /api/webhooks/alertmanager/{project}",
            "post /api/webhooks/{path}");
    Json.asObject(reply.at("paths"))
        .forEach(
            (path, methods) ->
                Json.asObject(methods)
                    .forEach(
                        (method, operation) -> assertComplete(method + " " + path, operation)));
    Path kept = Path.of("docs/openapi.json");
    if (Files.exists(kept)) {
      assertThat(withoutServers(reply.body())).isEqualTo(withoutServers(Files.readString(kept)));
    }
  }

  private static void assertComplete(String name, Object operation) {
    Map<String, Object> parts = Json.asObject(operation);
    assertThat(parts).as(name).containsKeys("operationId", "responses");
    List<Object> variables = new ArrayList<>();
    for (Object parameter : (List<?>) parts.getOrDefault("parameters", List.of())) {
      if ("path".equals(Json.asObject(parameter).get("in"))) {
        variables.add(Json.asObject(parameter).get("name"));
        assertThat(Json.asObject(parameter)).as(name).containsEntry("required", true);
      }
    }
    List<String> named =
        Pattern.compile("\\{(\\w+)}").matcher(name).results().map(m -> m.group(1)).toList();
    assertThat(variables).as(name).containsExactlyInAnyOrderElementsOf(named);
  }

  private static Map<String, Object> withoutServers(String json) {
    Map<String, Object> document = Json.asObject(Json.parseTrusted(json));
    document.remove("servers");
    return document;
  }

  @Test
  void everyMetricIsThereAfterSomeRuns() {
    String project = server.newProject();
    server.deploy(project, SUM);
    server.deploy(project, GREET);
    server.run(project, "sum", "{}");
    String run = server.run(project, "greet", "{}").text("id");
    server.alerts(project, "{\"alerts\":[{\"labels\":{\"alertname\":\"A\"}}]}").is(200);

    String metrics = server.managed("/metrics").is(200).body();

    assertThat(metrics)
        .contains(
            "drover_runs_total{project=\"%s\",state=\"succeeded\",workflow=\"sum\"}"
                .formatted(project),
            "drover_run_duration_seconds_bucket{project=\"%s\",state=\"succeeded\",workflow=\"sum\",le="
                .formatted(project),
            "drover_node_duration_seconds_count{node=\"never\",project=\"%s\",state=\"skipped\",workflow=\"sum\"}"
                .formatted(project),
            "drover_agent_runs_total{agent=\"greeter\",runtime=\"process\",state=\"succeeded\"}",
            "drover_alerts_total{outcome=\"unmatched\",project=\"%s\"}".formatted(project),
            "drover_runs_in_flight ",
            "http_server_requests_seconds_count{",
            "jvm_memory_used_bytes{",
            "jvm_threads_live_threads",
            "hikaricp_connections_active{",
            "camel_exchanges_");
    assertThat(
            metrics
                .lines()
                .filter(
                    l ->
                        l.startsWith("camel_")
                            && l.contains("routeId=\"" + project + "/sum@1/alpha\"")))
        .isNotEmpty();
    assertThat(metrics.lines().filter(l -> l.startsWith("http_server_requests")))
        .anyMatch(l -> l.contains("uri=\"/api/runs/{id}\""));
    assertThat(metrics).doesNotContain(run);
  }

  @Test
  void withoutADatabaseTheServerSaysSoAndRecovers() {
    String project = server.newProject();
    server.deploy(project, SUM);
    assertThat(server.managed("/health").is(200).text("status")).isEqualTo("UP");
    server.withoutDatabase(
        () -> {
          assertThat(server.managed("/health").is(503).text("status")).isEqualTo("DOWN");
          List<String> paths =
              List.of("runs", "runs/" + UNKNOWN_ID, "alerts", "deliveries", "workflows/sum");
          for (String path : paths) {
            server.get("/api/" + path + "?project=" + project).isProblem(503);
          }
          server.postJson("/api/deliveries/" + UUID.randomUUID() + "/replay", "").isProblem(503);
          server.submit(project, SUM + "#\n").isProblem(503);
          server.postJson("/api/workflows/sum/runs?project=" + project, "{}").isProblem(503);
          assertThat(server.get("/api/workflows?project=" + project).is(200).list("items"))
              .hasSize(1);
        });

    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () ->
                server.managed("/health").status() == 200
                    && server.get("/api/runs").status() == 200
                    && server.submit(project, SUM).status() == 200);
    assertThat(server.run(project, "sum", "{}").text("state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void manyRequestsAtOnceAreAllAnswered() {
    String project = server.newProject();
    server.deploy(project, SUM);

    List<CompletableFuture<Reply>> replies =
        IntStream.range(0, 200)
            .mapToObj(
                i -> server.sendAsync(server.request("/api/workflows/sum?project=" + project)))
            .toList();

    assertThat(replies).allSatisfy(reply -> reply.join().is(200));
  }
}
