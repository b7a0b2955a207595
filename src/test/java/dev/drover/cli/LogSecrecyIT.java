package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TestDatabase;
import dev.drover.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever goes through a server, and however it fails there: its log tells what happened, and
 * quotes none of it. Everything that may not appear is marked, and looked for in every line.
 */
class LogSecrecyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String TOKEN = mark("token-of-the-api");
  private static final String PROJECT = "?project=default";

  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

  private static final String LEAKY =
      """
      name: leaky
      triggers:
        - alert: { match: { alertname: Load } }
      nodes:
        print: { agent: printer, with: { text: "${{ trigger.alert.annotations.summary }}" } }
        garble: { agent: garbler, with: { text: "${{ trigger.alert.annotations.summary }}" } }
        break: { agent: breaker, with: { text: "${{ trigger.alert.annotations.summary }}" } }
        name: { agent: namer, with: { text: "${{ trigger.alert.annotations.summary }}" } }
        number: { value: "${{ int(trigger.alert.annotations.summary) }}" }
        call: { to: "direct:fail", with: "${{ trigger.alert.annotations.summary }}" }
        keep: { value: "${{ trigger.alert.annotations.unstorable }}" }
        twice: { forEach: "${{ [trigger.alert.annotations.summary] }}", value: "${{ int(item) }}" }
        ask: { approval: { message: "really ${{ trigger.alert.annotations.summary }}?" } }
        undone:
          value: "${{ trigger.alert.annotations.summary }}"
      """;

  private static final String UNDONE =
      """
      name: undone
      inputs: { text: { type: string, default: "" } }
      nodes:
        do: { to: "direct:echo", with: "${{ inputs.text }}", undo: { to: "direct:fail", with: "${{ inputs.text }}" } }
        fail: { dependsOn: [do], to: "direct:fail", with: "${{ inputs.text }}" }
      """;

  private static final String KEYED =
      """
      name: keyed
      triggers:
        - alert: { match: { alertname: Load } }
        - webhook: { path: hook }
      concurrency: { key: "${{ int(trigger.?alert.annotations.summary.orValue('1')) }}" }
      nodes:
        number: { value: "${{ int(trigger.webhook.body) }}" }
      """;

  @TempDir static Path folder;
  private final int port = ServeProcess.freePort();

  private static String mark(String what) {
    return "MARK-" + what + "-MARK";
  }

  @Test
  void noSecretTokenAnnotationInputOrOutputAppears() throws Exception {
    write();
    List<Map<String, Object>> lines;
    try (TestDatabase database = TestDatabase.create();
        ServeProcess server = start(database)) {
      server.awaitReady();
      for (String workflow : List.of("leaky", "undone", "keyed")) {
        server.awaitOutput("\"workflow\":\"" + workflow + "\"");
      }
      database
          .jdbc()
          .sql("alter table node_run add check (output::text not like '%MARK-unstorable%')")
          .update();
      String run = failingRun();
      undoneRun();
      strangers();
      withoutDatabase(database, server);
      decide(run);
      server.awaitOutput("\"type\":\"REJECTED\"");
      server.awaitOutput("\"message\":\"Run failed\",");
      lines = server.output().lines().map(LogSecrecyIT::read).toList();
      assertThat(server.output()).doesNotContain("MARK");
    }
    assertTold(lines);
    assertThat(refusal()).doesNotContain("MARK");
  }

  private static Map<String, Object> read(String line) {
    return Json.asObject(Json.parseTrusted(line));
  }

  /** So that nothing is hidden by nothing being said. */
  private static void assertTold(List<Map<String, Object>> lines) {
    Map<String, String> failures =
        Map.ofEntries(
            Map.entry("print", "EXIT_CODE"),
            Map.entry("garble", "OUTPUT_NOT_JSON"),
            Map.entry("break", "OUTPUT_INVALID"),
            Map.entry("name", "OUTPUT_INVALID"),
            Map.entry("number", "EXPRESSION"),
            Map.entry("call", "java.lang.IllegalStateException"),
            Map.entry("keep", "NOT_STORABLE"),
            Map.entry("twice", "EXPRESSION"),
            Map.entry("ask", "REJECTED"),
            Map.entry("fail", "java.lang.IllegalStateException"));
    failures.forEach(
        (node, type) ->
            assertThat(lines)
                .as(node)
                .anySatisfy(
                    line ->
                        assertThat(line)
                            .containsEntry("message", "Node failed")
                            .containsEntry("node", node)
                            .containsEntry("type", type)
                            .containsEntry("project", "default")
                            .containsKeys("run", "workflow", "causes")));
    assertThat(lines)
        .extracting(line -> line.get("message"))
        .contains(
            "Drover is ready",
            "A route failed",
            "An alert could not open a workflow",
            "What a node did could not be undone",
            "Deliveries are kept in the spool until the database takes them",
            "Deliveries of the spool were stored",
            "A request failed in the database",
            "Run failed");
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line.get("error"))
                    .asString()
                    .contains("IntakeUnavailable", "stack_trace"));
  }

  private void write() throws IOException {
    agent("printer", "echo \"$SECRET $text\" >&2; exit 3", "env: { SECRET: \"${{ secrets.S }}\" }");
    agent("garbler", "echo \"no JSON, but $text\"");
    agent("breaker", "echo \"{\\\"text\\\": $text}\"", "output: { type: integer }");
    agent(
        "namer",
        "echo \"{\\\"f\\\": {\\\"\\$artifact\\\": \\\"MARK-file-MARK\\\"}}\"",
        "artifacts: { limit: 1Mi, files: 1 }");
    Files.createDirectories(folder.resolve("routes"));
    Files.writeString(
        folder.resolve("routes/fail.camel.yaml"),
        """
        - route:
            id: fail
            from:
              uri: direct:fail
              steps:
                - throwException:
                    exceptionType: java.lang.IllegalStateException
                    message: "it does not like ${body}"
        - route:
            id: echo
            from:
              uri: direct:echo
              steps:
                - log: { message: "done", loggingLevel: DEBUG }
        """);
    Files.createDirectories(folder.resolve("workflows"));
    Files.writeString(folder.resolve("workflows/leaky.yaml"), LEAKY);
    Files.writeString(folder.resolve("workflows/undone.yaml"), UNDONE);
    Files.writeString(folder.resolve("workflows/keyed.yaml"), KEYED);
  }

  private static void agent(String name, String script, String... lines) throws IOException {
    Path agent = Files.createDirectories(folder.resolve("agents").resolve(name));
    Files.writeString(
        agent.resolve("run.sh"),
        "text=$(sed -n 's/.*\"text\" *: *\\(\"[^\"]*\"\\).*/\\1/p')\n" + script + "\n");
    Files.writeString(
        agent.resolve("agent.yaml"),
        "name: " + name + "\ncommand: [sh, run.sh]\n" + String.join("\n", lines) + "\n");
  }

  private ServeProcess start(TestDatabase database) {
    return ServeProcess.start(
        folder,
        Map.of(
            "LOGGING_STRUCTURED_FORMAT_CONSOLE",
            "ecs",
            "DROVER_SECRET_S",
            mark("secret"),
            "DROVER_AUTH_TOKEN",
            TOKEN,
            "DROVER_AUTH_USER",
            "ops",
            "DROVER_AUTH_PASSWORD",
            mark("password"),
            "DROVER_DB_USER",
            "postgres",
            "DROVER_DB_PASSWORD",
            mark("password-of-the-database")),
        "--port",
        String.valueOf(port),
        "--metrics-port",
        "0",
        "--runtime",
        "process",
        "--db-url",
        database.url());
  }

  /** A run of which everything fails, and the approval is still open. */
  private String failingRun() {
    assertThat(send("/api/webhooks/alertmanager", alert("1"), "application/json")).isEqualTo(202);
    return await()
        .atMost(PATIENCE)
        .until(() -> ID.matcher(get("/api/runs" + PROJECT + "&state=WAITING")), Matcher::find)
        .group(1);
  }

  private void undoneRun() {
    String body = "{\"inputs\":{\"text\":\"" + mark("input") + "\"}}";
    send("/api/workflows/undone/runs" + PROJECT, body, "application/json");
    send("/api/webhooks/hook?x=" + mark("query"), mark("body-of-a-webhook"), "text/plain");
  }

  private static String alert(String fingerprint) {
    return """
        {"version":"4","status":"firing","receiver":"ops","groupKey":"MARK-group-MARK","alerts":[
        {"status":"firing","labels":{"alertname":"Load","secret":"MARK-label-MARK"},
        "annotations":{"summary":"MARK-annotation-MARK","unstorable":"MARK-unstorable"},
        "startsAt":"2026-11-21T16:00:00Z","endsAt":"0001-01-01T00:00:00Z",
        "generatorURL":"http://MARK-generator-MARK/","fingerprint":"%s"}]}"""
        .formatted(fingerprint);
  }

  /** Wrong bodies, wrong credentials, wrong places. */
  private void strangers() throws IOException {
    String hook = "/api/webhooks/alertmanager";
    for (String body :
        List.of(
            "{\"MARK-broken",
            "MARK-text-MARK",
            "[\"MARK-list\"]",
            "{\"alerts\":\"MARK-no-list\"}",
            alert("2").replace("2026-11-21T16:00:00Z", "MARK-time"),
            alert("3").replace("\"firing\",\"labels\"", "\"MARK-status\",\"labels\""),
            alert("4").replace("MARK-label", "MARK-\\u0000\\ud800-label"),
            alert("5").replace("alertname", "MARK alertname"))) {
      send(hook, body, "application/json");
    }
    send("/api/workflows" + PROJECT, "name: MARK_x\nnodes: { a: MARK }", "application/yaml");
    send("/api/workflows" + PROJECT, "name: [MARK", "application/yaml");
    send("/api/workflows/undone/runs" + PROJECT, "{\"inputs\":{\"MARK\":1}}", "application/json");
    for (String path :
        List.of("/api/MARK-path", "/api/runs/MARK-run", "/api/runs?token=MARK-t&project=MARK-p")) {
      send(path, "MARK-body", "text/MARK");
    }
    for (String wrong : List.of("Bearer MARK-wrong", "Basic TUFSSy13cm9uZw==", "MARK")) {
      assertThat(send(hook, alert("6"), "application/json", wrong)).isEqualTo(401);
    }
    raw("GET /MARK{ HTTP/1.1\r\nHost: x\r\n\r\n");
    raw("GET / HTTP/1.1\r\nHost: x\r\nMARK header\u0001: MARK\r\nCookie: MARK=\u0002\r\n\r\n");
    raw("MARK\r\n\r\n");
  }

  private void raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getInputStream().read();
    }
  }

  private void withoutDatabase(TestDatabase database, ServeProcess server) {
    database.goAway();
    try {
      send("/api/workflows/undone/runs" + PROJECT, "{}", "application/json");
      get("/api/runs" + PROJECT + "&workflow=" + URLEncoder.encode("MARK", StandardCharsets.UTF_8));
      get("/api/runs" + PROJECT);
      assertThat(send("/api/webhooks/alertmanager", alert("7"), "application/json")).isEqualTo(202);
    } finally {
      database.comeBack();
      database.dataSource().getHikariPoolMXBean().softEvictConnections();
    }
    server.awaitOutput("Deliveries of the spool were stored");
  }

  private void decide(String run) {
    String body = "{\"by\":\"MARK-person\",\"comment\":\"" + mark("comment") + "\"}";
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                send("/api/runs/" + run + "/nodes/ask/reject" + PROJECT, body, "application/json"),
            status -> status == 202);
  }

  /** A start that fails, with passwords in all places where they have been seen. */
  private static String refusal() {
    Map<String, String> environment =
        Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs", "DROVER_DB_PASSWORD", mark("password"));
    String url = "jdbc:postgresql://ops:MARK-a@127.0.0.1:1/x?password=MARK-b&sslpassword=MARK-c";
    try (ServeProcess server =
        ServeProcess.start(
            folder, environment, "--port", "0", "--metrics-port", "0", "--db-url", url)) {
      assertThat(server.awaitExit(PATIENCE)).isEqualTo(1);
      String output = server.output();
      assertThat(output.lines().map(LogSecrecyIT::read))
          .anySatisfy(line -> assertThat(line.get("message")).asString().contains("can't be used"));
      return output;
    }
  }

  private int send(String path, String body, String type) {
    return send(path, body, type, "Bearer " + TOKEN);
  }

  private int send(String path, String body, String type, String credential) {
    HttpRequest.Builder request =
        request(path, credential)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return exchange(request).statusCode();
  }

  private String get(String path) {
    return exchange(request(path, "Bearer " + TOKEN)).body();
  }

  private HttpRequest.Builder request(String path, String credential) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(PATIENCE)
        .header("Authorization", credential)
        .header("X-Token", mark("header"));
  }

  private static java.net.http.HttpResponse<String> exchange(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
