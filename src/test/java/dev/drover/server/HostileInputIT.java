package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.Json;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that wants to break or to steer: it is refused clearly, or it is data. Never a 500. */
class HostileInputIT {
  private static final List<String> INJECTIONS =
      List.of(
          "${{ secrets.X }}",
          "${{ trigger.alert }}",
          "${env:HOME}",
          "{{env:HOME}}",
          "{{sys:user.home}}",
          "${jndi:ldap://127.0.0.1:1/x}",
          "${bean:type:java.lang.Runtime}",
          "$simple{env.HOME}",
          "#{T(java.lang.System).getenv()}",
          "a\u0000b",
          "a\r\nforged: yes",
          "\u001b[31m\u2028\u0007",
          "'; drop table run; --",
          "<script>alert(1)</script>",
          "\\u0000\\",
          "\uD83D\uDE80",
          "x".repeat(20_000));
  private static final String ECHO =
      """
      name: echo
      triggers:
        - alert: { match: { alertname: Echo } }
        - webhook: { path: echo }
      inputs:
        given: { type: [object, array, string, number, "null"], default: null }
      nodes:
        trigger: { value: "${{ trigger }}" }
        inputs: { value: "${{ inputs.given }}" }
        text: { value: "<${{ trigger.?alert.?labels.?x.orValue('none') }}>" }
        route: { to: "direct:echo", with: { trigger: "${{ trigger }}" } }
        headers: { to: "direct:headers", with: { trigger: "${{ trigger }}" } }
        agent: { agent: echo, with: { trigger: "${{ trigger }}", given: "${{ inputs.given }}" } }
      outputs: { all: "${{ nodes.agent.output }}" }
      """;

  @TempDir private static Path home;
  private static RunningServer server;

  private static String project;

  @BeforeAll
  static void start() throws IOException {
    new ServerFiles(home)
        .agent("echo", "cat", "effect: none")
        .agent(
            "nul",
            "cat > /dev/null; printf 'a\\000b\\n' >&2; printf '{\"a\":\"x\\\\u0000y\",\"b\":\"\\\\ud800\",\"\\\\u0000\":1}'")
        .agent("raw-nul", "cat > /dev/null; printf '{\"a\":\"x\\000y\"}'")
        .agent("nul-failure", "cat > /dev/null; printf 'bad\\000 news\\n' >&2; exit 3")
        .route("direct:echo", "- log:\n    message: \"${body}\"\n    loggingLevel: DEBUG")
        .route("direct:headers", "- setBody:\n    simple: \"${headers}\"")
        .route(
            "direct:throw",
            "- throwException:\n    exceptionType: java.lang.IllegalStateException\n    message: \"${body}\"")
        .write(
            "agents/notifier/agent.yaml", Files.readString(Path.of("agents/notifier/agent.yaml")));
    server = RunningServer.in(home);
    project = server.newProject();
    server.deploy(project, ECHO);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Whatever was sent: the server is well, and good runs succeed. */
  @AfterEach
  void theServerIsWell() {
    assertThat(server.managed("/health").is(200).text("status")).isEqualTo("UP");
    assertThat(server.run(project, "echo", "{\"inputs\":{\"given\":1}}").text("state"))
        .isEqualTo("SUCCEEDED");
  }

  private static Reply runOf(Map<String, Object> labels) {
    Reply taken =
        server.alerts(project, Json.print(Map.of("alerts", List.of(Map.of("labels", labels)))));
    return server.ended(project, taken.is(202).text("runs.0.id"));
  }

  private static Object output(Reply run, String node) {
    return RunningServer.node(run, node).get("output");
  }

  @Test
  void labelsOfEveryKindArriveUnchanged() {
    Map<String, Object> labels = new LinkedHashMap<>(Map.of("alertname", "Echo"));
    for (int i = 0; i < INJECTIONS.size(); i++) {
      labels.put("l" + i, INJECTIONS.get(i));
      labels.put(INJECTIONS.get(i).substring(0, Math.min(80, INJECTIONS.get(i).length())), "v");
    }
    labels.putAll(
        Map.of(
            "__proto__", "p", "constructor", "c", "", "empty", "class", "k", "x", "${env:HOME}"));

    Reply run = runOf(labels);

    assertThat(run.text("state")).as(run.body()).isEqualTo("SUCCEEDED");
    for (String node : List.of("trigger", "route", "agent")) {
      Map<String, Object> seen = Json.asObject(output(run, node));
      Object trigger = node.equals("trigger") ? seen : seen.get("trigger");
      Object alert = Json.asObject(trigger).get("alert");
      assertThat(Json.asObject(alert).get("labels")).as(node).isEqualTo(labels);
    }
    assertThat(output(run, "text")).isEqualTo("<${env:HOME}>");
    assertThat(Json.asObject(output(run, "headers")))
        .containsOnlyKeys(
            "Content-Type", "DroverRun", "DroverNode", "DroverAttempt", "DroverIdempotencyKey");
    Reply alerts = server.get("/api/alerts?project=" + project).is(200);
    assertThat(alerts.at("items.0.labels")).isEqualTo(labels);
  }

  @Test
  void inputsOfEveryKindArriveUnchanged() {
    Map<String, Object> given = new LinkedHashMap<>(Map.of("__proto__", Map.of("a", 1L)));
    INJECTIONS.forEach(text -> given.put(text.charAt(0) % 128 + "/" + given.size(), text));

    Reply run = server.run(project, "echo", Json.print(Map.of("inputs", Map.of("given", given))));

    assertThat(run.text("state")).as(run.body()).isEqualTo("SUCCEEDED");
    assertThat(run.at("inputs.given")).isEqualTo(given);
    assertThat(output(run, "inputs")).isEqualTo(given);
    assertThat(Json.asObject(output(run, "agent")).get("given")).isEqualTo(given);
  }

  @Test
  void aWebhooksBodyAndQueryAreData() {
    Reply opened =
        server
            .postJson(
                "/api/webhooks/echo?project="
                    + project
                    + "&CamelHttpUri=http://127.0.0.1:1&a=%24%7Benv:HOME%7D&n=%00",
                Json.print(Map.of("text", INJECTIONS)))
            .is(202);

    Reply run = server.ended(project, opened.text("runs.0.id"));
    assertThat(run.text("state")).as(run.body()).isEqualTo("SUCCEEDED");
    Map<String, Object> webhook =
        Json.asObject(Json.asObject(output(run, "trigger")).get("webhook"));
    assertThat(webhook.get("body")).isEqualTo(Map.of("text", INJECTIONS));
    assertThat(Json.asObject(webhook.get("query")))
        .containsEntry("a", "${env:HOME}")
        .containsEntry("n", "\u0000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://127.0.0.1:1/\"]]]]",
        "!!javax.script.ScriptEngineManager []",
        "name: x\nnodes: { a: { value: !!java.io.File [/] } }",
        "name: x\nnodes: { a: { value: !ENV_VARIABLE ${HOME} } }",
        "name: x\nnodes: { a: { to: 'exec:touch?args=/x' } }",
        "name: x\nnodes: { a: { to: 'direct:${{ secrets.X }}' } }",
        "name: x\nnodes: { a: { to: 'direct:{{env:HOME}}' } }",
        "name: x\nnodes: { a: { value: \"${{ secrets.X }}\" } }",
        "name: x\nnodes: { a: { value: \"a\\0b\", value: 2 } }",
        "name: ../../etc\nnodes: { a: { value: 1 } }",
        "name: \"x\\u0000\"\nnodes: { a: { value: 1 } }",
        "name: x\nnodes: { \"a/b\": { value: 1 } }",
        "- not\n- a workflow",
        "\u0000",
        "{{{{",
        "",
        "name: x\n--- \nname: y",
        "a: &a [*a]",
        "name: x\nnodes: { a: { value: \"${{ [1,2].map(x, [1,2].map(y, [1,2].map(z, x))) + }}\" } }",
      })
  void hostileWorkflowsAreAnsweredWithProblems(String yaml) {
    Reply reply = server.submit(project, yaml).isProblem(422);

    assertThat(reply.list("problems")).isNotEmpty();
    assertThat(reply.list("problems"))
        .allSatisfy(
            p -> {
              assertThat((Long) p.get("line")).isPositive();
              assertThat((Long) p.get("column")).isPositive();
              assertThat((String) p.get("message")).isNotBlank();
            });
  }

  @Test
  void hugeWorkflowsAreAnsweredWithProblems() {
    String nodes = "name: x\nnodes:\n" + lines(100_000, i -> "  n" + i + ": { value: 1 }");
    server.submit(project, nodes).isProblem(422);
    server
        .submit(project, "name: x\nnodes:\n" + lines(5_000, i -> "  n" + i + ": { value: 1 }"))
        .isProblem(422);
    server.submit(project, "[".repeat(100_000)).isProblem(422);
    server
        .submit(
            project, "name: x\nnodes: { a: { value: " + "[".repeat(60) + "]".repeat(60) + " } }")
        .isProblem(422);
    server
        .submit(project, "name: x\nnodes: { a: { value: \"${{ " + "(".repeat(50_000) + "1 }}\" } }")
        .isProblem(422);
    server
        .submit(
            project, "name: x\nnodes: { a: { value: \"${{ " + "!".repeat(50_000) + "true }}\" } }")
        .isProblem(422);
    StringBuilder laughs = new StringBuilder("name: x\na0: &a0 [lol, lol, lol]\n");
    for (int i = 1; i < 30; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    server.submit(project, laughs.toString()).isProblem(422);
    server
        .post("/api/workflows", "application/yaml", BodyPublishers.ofByteArray(new byte[40 << 20]))
        .isProblem(413);
  }

  @Test
  void aBigWorkflowThatIsAllowedRuns() {
    server.deploy(
        project, "name: wide\nnodes:\n" + lines(500, i -> "  n" + i + ": { value: " + i + " }"));

    assertThat(server.run(project, "wide", "{}").text("state")).isEqualTo("SUCCEEDED");
  }

  private static String lines(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n"));
  }

  @Test
  void deepAndBrokenJsonIsRefused() {
    long before = server.count(project, "run", "true");
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    String path = "/api/workflows/echo/runs?project=" + project;
    for (String body :
        List.of(
            deep,
            "{\"inputs\":{\"given\":" + deep + "}}",
            "{\"a\":".repeat(100_000),
            "{\"inputs\":{\"given\":1e999}}",
            "{\"inputs\":{\"given\":1,\"given\":2}}",
            "{\"inputs\":{\"given\":\"\u0000\"}}",
            "{\"inputs\":{\"given\":" + "9".repeat(100_000) + "}}",
            "{\"inputs\":{}} trailing",
            "NaN")) {
      server.postJson(path, body).isProblem(400);
    }
    server.postJson(path, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1}).isProblem(400);
    server.alerts(project, "{\"alerts\":" + deep + "}").isProblem(400);
    server.alerts(project, "{\"alerts\":[{\"annotations\":{\"a\":" + deep + "}}]}").isProblem(400);
    server.postJson("/api/webhooks/echo?project=" + project, deep).isProblem(400);
    assertThat(server.count(project, "run", "true")).isEqualTo(before);
  }

  @Test
  void whatNestsAsDeepAsAllowedIsRunOrFailsWithAReason() {
    String deep = "[".repeat(195) + "]".repeat(195);

    Reply run = server.run(project, "echo", "{\"inputs\":{\"given\":" + deep + "}}");

    assertThat(run.text("state")).isIn("SUCCEEDED", "FAILED");
    assertThat(run.text("reason")).isNotBlank();
  }

  @Test
  void agentsMayWriteNulAndHalfSurrogates() {
    server.deploy(
        project,
        """
        name: nul
        nodes:
          escaped: { agent: nul }
          raw: { agent: raw-nul }
          failed: { agent: nul-failure }
        """);

    Reply run = server.run(project, "nul", "{}");

    assertThat(run.text("state")).isEqualTo("FAILED");
    assertThat(RunningServer.node(run, "escaped"))
        .containsEntry("state", "SUCCEEDED")
        .containsEntry("output", Map.of("a", "x\u0000y", "b", "\uFFFD", "\u0000", 1L));
    assertThat(RunningServer.node(run, "raw")).containsEntry("state", "FAILED");
    assertThat((String) Json.asObject(RunningServer.node(run, "raw").get("error")).get("message"))
        .contains("JSON");
    assertThat(RunningServer.node(run, "failed")).containsEntry("state", "FAILED");
    assertThat(
            server
                .get("/api/runs/" + run.text("id") + "/nodes/escaped/log?project=" + project)
                .list("items"))
        .extracting(line -> line.get("text"))
        .containsExactly("a\u2400b");
  }

  @Test
  void aFailureWhoseMessageHoldsNulIsKept() {
    server.deploy(
        project,
        """
        name: boom
        inputs: { text: { type: string, default: x } }
        nodes:
          call: { to: "direct:throw", with: "${{ inputs.text }}" }
          read: { value: "${{ int(inputs.text) }}" }
          key: { value: "${{ {'a': 1}[inputs.text] }}" }
        """);

    Reply run =
        server.run(project, "boom", Json.print(Map.of("inputs", Map.of("text", "a\u0000b\uD800"))));

    assertThat(run.text("state")).isEqualTo("FAILED");
    assertThat(run.list("nodes"))
        .allSatisfy(
            node -> {
              assertThat(node).containsEntry("state", "FAILED");
              assertThat(Json.asObject(node.get("error"))).containsKeys("type", "message");
            });
  }

  @Test
  void aNotificationInTheLogIsOneLine() {
    server.deploy(
        project,
        """
        name: tell
        triggers: [ { alert: { match: { alertname: Tell } } } ]
        nodes:
          tell:
            agent: notifier
            with: { channel: log, title: "${{ trigger.alert.labels.x }}", text: "${{ trigger.alert.labels.y }}" }
            timeout: 60s
        """);
    String forged = "2026-01-01 ERROR forged";

    Reply run =
        runOf(
            Map.of("alertname", "Tell", "x", "a\r\n" + forged, "y", "b\u2028" + forged + "\u0000"));

    assertThat(run.text("state")).as(run.body()).isEqualTo("SUCCEEDED");
    Reply log =
        server.send(
            server
                .request("/api/runs/" + run.text("id") + "/nodes/tell/log?project=" + project)
                .header("Accept", "text/plain"));
    assertThat(log.body()).contains(forged);
    assertThat(log.body().split("\\R")).noneMatch(line -> line.startsWith(forged));
  }
}
