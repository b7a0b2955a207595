package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every endpoint with its answers. */
class ApiIT {
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
            "selfTest: { input: { who: me }, expect: { greeting: hello } }")
        .agent("absent", "exit 1", "selfTest: { input: {} }")
        .agent("odd", "exit 0", "colour: green");
    server = RunningServer.in(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aWorkflowIsNewThenUnchangedThenANewVersion() {
    String project = server.newProject();

    Reply created = server.submit(project, SUM).is(201);
    assertThat(created.contentType()).startsWith("application/json");
    assertThat(created.object())
        .isEqualTo(Map.of("name", "sum", "version", 1L, "created", true, "warnings", List.of()));
    assertThat(server.submit(project, SUM).is(200).object())
        .containsEntry("version", 1L)
        .containsEntry("created", false);
    assertThat(server.submit(project, SUM + "# changed\n").is(201).at("version")).isEqualTo(2L);

    Reply shown = server.get("/api/workflows/sum?project=" + project).is(200);
    assertThat(shown.list("versions")).extracting(v -> v.get("version")).containsExactly(2L, 1L);
  }

  @Test
  void anInvalidWorkflowIsAnsweredWithAllItsProblemsAndChangesNothing() {
    String project = server.newProject();
    server.deploy(project, SUM);

    Reply reply =
        server
            .submit(
                project,
                SUM.replace("[zeta, beta]", "[zeta, bta]").replace("name: sum", "name: sum\nx: 1"))
            .isProblem(422);

    assertThat(reply.list("problems")).hasSizeGreaterThanOrEqualTo(2);
    assertThat(reply.list("problems"))
        .allSatisfy(
            p -> assertThat(p).containsOnlyKeys("line", "column", "path", "message", "hint"));
    assertThat(reply.list("problems"))
        .anySatisfy(
            p -> {
              assertThat(p).containsEntry("line", 12L).containsEntry("column", 30L);
              assertThat(p).containsEntry("path", "nodes.alpha.dependsOn[1]");
              assertThat((String) p.get("message")).contains("bta");
              assertThat((String) p.get("hint")).contains("did you mean \"beta\"");
            });
    assertThat(server.get("/api/workflows/sum?project=" + project).at("version")).isEqualTo(1L);
  }

  @Test
  void workflowsAreListedAndShownWithTheirGraph() {
    String project = server.newProject();
    server.deploy(project, SUM);

    Reply list = server.get("/api/workflows?project=" + project).is(200);
    assertThat(list.object()).containsOnlyKeys("items", "next");
    assertThat(list.list("items"))
        .containsExactly(
            Map.of(
                "name",
                "sum",
                "project",
                project,
                "description",
                "Adds.",
                "version",
                1L,
                "source",
                "api",
                "paused",
                false,
                "nodeCount",
                4L));
    Reply one = server.get("/api/workflows/sum?project=" + project).is(200);
    assertThat(one.list("nodes"))
        .extracting(n -> n.get("id"))
        .containsExactly("zeta", "beta", "alpha", "never");
    assertThat(one.list("edges"))
        .containsExactlyInAnyOrder(
            Map.of("from", "zeta", "to", "alpha"),
            Map.of("from", "beta", "to", "alpha"),
            Map.of("from", "zeta", "to", "never"));
    assertThat(one.list("triggers")).containsExactly(Map.of("type", "webhook", "path", "sum"));
    assertThat(one.list("versions").get(0)).containsOnlyKeys("version", "hash", "createdAt");
  }

  @Test
  void aRunIsShownWithItsNodesInTheAuthorsOrder() {
    String project = server.newProject();
    server.deploy(project, SUM);

    Reply run = server.run(project, "sum", "{\"inputs\":{\"a\":1}}");

    assertThat(run.object())
        .containsOnlyKeys(
            "id",
            "project",
            "workflow",
            "version",
            "state",
            "reason",
            "trigger",
            "inputs",
            "outputs",
            "error",
            "parent",
            "children",
            "rerunOf",
            "reruns",
            "concurrency",
            "nodes",
            "createdAt",
            "startedAt",
            "endedAt",
            "executionSeconds",
            "cost",
            "traceId");
    assertThat(run.object())
        .containsEntry("state", "SUCCEEDED")
        .containsEntry("workflow", "sum")
        .containsEntry("version", 1L)
        .containsEntry("inputs", Map.of("a", 1L, "b", 22L))
        .containsEntry("outputs", Map.of("sum", 23L));
    assertThat(run.text("reason")).isNotBlank();
    assertThat(run.text("trigger.type")).isEqualTo("manual");
    assertThat(Instant.parse(run.text("endedAt")))
        .isAfterOrEqualTo(Instant.parse(run.text("startedAt")));
    assertThat(run.list("nodes"))
        .extracting(n -> n.get("id") + " " + n.get("state"))
        .containsExactly("zeta SUCCEEDED", "beta SUCCEEDED", "alpha SUCCEEDED", "never SKIPPED");
    assertThat(run.list("nodes"))
        .allSatisfy(
            n ->
                assertThat(n)
                    .containsOnlyKeys(
                        "id",
                        "state",
                        "attempts",
                        "output",
                        "error",
                        "reason",
                        "startedAt",
                        "endedAt",
                        "executionSeconds",
                        "cost"));
    assertThat(RunningServer.node(run, "alpha")).containsEntry("output", 23L);
  }

  @Test
  void aFailedRunTellsTypeMessageAndCause() {
    String project = server.newProject();
    server.deploy(
        project,
        "name: lost\nnodes:\n  call: { to: 'direct:nowhere' }\n  after: { dependsOn: [call], value: 1 }\n");

    Reply run = server.run(project, "lost", "");

    assertThat(run.text("state")).isEqualTo("FAILED");
    assertThat(run.text("reason")).contains("call");
    assertThat(Json.asObject(RunningServer.node(run, "call").get("error")))
        .containsKeys("type", "message", "causes");
    assertThat(RunningServer.node(run, "after")).containsEntry("state", "UPSTREAM_FAILED");
  }

  @Test
  void startingARunIsRefusedWithWhatIsWrong() {
    String project = server.newProject();
    server.deploy(project, SUM);
    String path = "/api/workflows/sum/runs?project=" + project;

    assertThat(
            server
                .postJson(path, "{\"inputs\":{\"a\":\"x\",\"b\":\"y\"}}")
                .isProblem(422)
                .at("problems"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(2);
    server.postJson(path, "{\"inputs\":{\"c\":1}}").isProblem(422);
    server.postJson(path, "{\"inputs\":[]}").isProblem(400);
    server.postJson(path, "[]").isProblem(400);
    server.postJson(path, "{\"input\":{}}").isProblem(400);
    server.postJson(path, "{").isProblem(400);
    server.postJson("/api/workflows/none/runs?project=" + project, "{}").isProblem(404);
    assertThat(server.count(project, "run", "true")).isZero();
  }

  /** As curl sends it unless it is told otherwise. */
  @Test
  void whatClaimsToBeAFormIsReadAsWhatItMustBe() {
    String project = server.newProject();
    String form = "application/x-www-form-urlencoded";
    server.post("/api/workflows?project=" + project, form, BodyPublishers.ofString(SUM)).is(201);
    Reply started =
        server.post(
            "/api/workflows/sum/runs?project=" + project,
            form,
            BodyPublishers.ofString("{\"inputs\":{\"a\":3}}"));

    assertThat(server.ended(project, started.is(202).text("id")).at("outputs"))
        .isEqualTo(Map.of("sum", 25L));
  }

  @Test
  void runsArePagedWithoutGapsOrRepeats() {
    String project = server.newProject();
    server.deploy(project, SUM);
    server.deploy(project, SUM.replace("name: sum", "name: other").replace("path: sum", "path: x"));
    Set<String> started = new TreeSet<>();
    for (int i = 0; i < 53; i++) {
      started.add(server.start(project, i % 5 == 0 ? "other" : "sum", "{}"));
    }
    server.allSucceeded(project, 53);

    List<String> seen = new ArrayList<>();
    String after = "";
    int pages = 0;
    do {
      Reply page = server.get("/api/runs?project=" + project + "&limit=7" + after).is(200);
      page.list("items").forEach(run -> seen.add((String) run.get("id")));
      // Newer runs than those of the pages that were read shift nothing.
      server.start(project, "sum", "{}");
      after = page.at("next") == null ? null : "&after=" + page.text("next");
      pages++;
    } while (after != null);

    assertThat(pages).isEqualTo(8);
    assertThat(new LinkedHashSet<>(seen)).hasSameSizeAs(seen);
    assertThat(new TreeSet<>(seen)).isEqualTo(started);
    assertThat(seen).isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(server.get("/api/runs?project=" + project + "&workflow=other").list("items"))
        .hasSize(11);
    assertThat(server.get("/api/runs?project=" + project + "&state=FAILED").list("items"))
        .isEmpty();
    Reply exact = server.get("/api/runs?project=" + project + "&workflow=other&limit=11");
    assertThat(exact.at("next")).isNull();
    assertThat(exact.list("items").get(0))
        .containsOnlyKeys(
            "id",
            "project",
            "workflow",
            "version",
            "state",
            "reason",
            "createdAt",
            "startedAt",
            "endedAt",
            "executionSeconds",
            "cost",
            "traceId");
  }

  @Test
  void aNodesLogIsServedAsJsonAndAsText() {
    String project = server.newProject();
    server.deploy(project, GREET);
    Reply run = server.run(project, "greet", "{}");
    assertThat(run.text("state")).as(run.body()).isEqualTo("SUCCEEDED");
    String path = "/api/runs/" + run.text("id") + "/nodes/hello/log?project=" + project;

    Reply json = server.get(path).is(200);
    assertThat(json.list("items"))
        .extracting(l -> l.get("text"))
        .containsExactly("one", "two", "three");
    assertThat(json.list("items").get(0)).containsOnlyKeys("attempt", "line", "at", "text");
    Reply first = server.get(path + "&limit=2").is(200);
    assertThat(first.list("items")).hasSize(2);
    assertThat(server.get(path + "&after=" + first.text("next")).list("items"))
        .extracting(l -> l.get("text"))
        .containsExactly("three");
    Reply text = server.send(server.request(path).header("Accept", "text/plain")).is(200);
    assertThat(text.contentType()).startsWith("text/plain");
    assertThat(text.body()).isEqualTo("one\ntwo\nthree\n");
    server.get(path.replace("/hello/", "/nobody/")).isProblem(404);
    server.get(path.replace("/hello/", "/-/")).isProblem(400);
    server.get(path + "&after=x").isProblem(400);
  }

  @Test
  void agentsAreListedWithTheirAvailability() {
    List<Map<String, Object>> agents = server.get("/api/agents").is(200).list("items");

    assertThat(agents)
        .filteredOn(a -> "greeter".equals(a.get("name")))
        .singleElement()
        .satisfies(
            a ->
                assertThat(a)
                    .containsEntry("availability", "AVAILABLE")
                    .containsEntry("description", "Greets.")
                    .containsEntry("effect", "none")
                    .containsEntry("runtime", "process")
                    .containsKeys("reason", "input", "output", "problems"));
    assertThat(agents)
        .filteredOn(a -> "absent".equals(a.get("name")))
        .singleElement()
        .satisfies(
            a -> {
              assertThat(a).containsEntry("availability", "UNAVAILABLE");
              assertThat((String) a.get("reason")).isNotBlank();
            });
    assertThat(agents)
        .filteredOn(a -> "odd".equals(a.get("folder")))
        .singleElement()
        .satisfies(
            a -> {
              assertThat(a).containsEntry("availability", "INVALID");
              assertThat((List<?>) a.get("problems")).isNotEmpty();
            });
  }

  @Test
  void anAgentIsTestedOnDemand() {
    Reply tested = server.postJson("/api/agents/greeter/selftest", "").is(200);

    assertThat(tested.text("availability")).isEqualTo("AVAILABLE");
    assertThat(server.postJson("/api/agents/absent/selftest", "").is(200).text("availability"))
        .isEqualTo("UNAVAILABLE");
    server.postJson("/api/agents/nobody/selftest", "").isProblem(404);
    server.postJson("/api/agents/No_Body/selftest", "").isProblem(400);
  }

  @Test
  void aWebhookOpensARunOfEachWorkflowThatListens() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: hook
        triggers: [ { webhook: { path: deploy } } ]
        nodes:
          got: { value: "${{ trigger.webhook }}" }
        """);

    Reply opened =
        server.postJson("/api/webhooks/deploy?project=" + project + "&x=1", "{\"a\":[1]}").is(202);

    assertThat(opened.list("runs")).hasSize(1);
    Reply run = server.ended(project, opened.text("runs.0.id"));
    Map<String, Object> got = Json.asObject(RunningServer.node(run, "got").get("output"));
    assertThat(got).containsEntry("path", "deploy").containsEntry("body", Map.of("a", List.of(1L)));
    assertThat(Json.asObject(got.get("query"))).containsEntry("x", "1");
    Reply plain =
        server.post(
            "/api/webhooks/deploy?project=" + project, "text/plain", BodyPublishers.ofString("hi"));
    Reply told = server.ended(project, plain.is(202).text("runs.0.id"));
    assertThat(told.text("trigger.webhook.body")).isEqualTo("hi");
    server.postJson("/api/webhooks/deploy?project=" + project, "{").isProblem(400);
    server.postJson("/api/webhooks/none?project=" + project, "{}").isProblem(404);
  }

  @Test
  void projectsAreApart() {
    String mine = server.newProject();
    String other = server.newProject();
    server.deploy(mine, SUM);
    String run = server.run(mine, "sum", "{}").text("id");

    assertThat(server.get("/api/workflows?project=" + other).list("items")).isEmpty();
    server.get("/api/workflows/sum?project=" + other).isProblem(404);
    server.get("/api/runs/" + run + "?project=" + other).isProblem(404);
    server.get("/api/runs/" + run + "/nodes/alpha/log?project=" + other).isProblem(404);
    server.postJson("/api/workflows/sum/runs?project=" + other, "{}").isProblem(404);
    assertThat(server.get("/api/runs?project=" + other).list("items")).isEmpty();
    server.get("/api/runs/" + run).isProblem(404);
    server.get("/api/workflows?project=nobody").isProblem(404);
    server.get("/api/workflows?project=No%20Body").isProblem(404);
    assertThat(server.get("/api/workflows").is(200).list("items")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/workflows/nobody,              404",
    "GET,    /api/workflows/No_Body,             400",
    "GET,    /api/runs/UNKNOWN,                  404",
    "GET,    /api/runs/17,                       400",
    "GET,    /api/runs/UNKNOWN/nodes/a/log,      404",
    "GET,    /api/runs/17/nodes/a/log,           400",
    "GET,    /api/runs?state=BUSY,               400",
    "GET,    /api/runs?limit=0,                  400",
    "GET,    /api/runs?limit=501,                400",
    "GET,    /api/runs?limit=x,                  400",
    "GET,    /api/runs?after=x,                  400",
    "GET,    /api/runs?workflow=No_Body,         400",
    "GET,    /api/runs?parent=x,                 400",
    "GET,    /api/runs/UNKNOWN/nodes/a/attempts, 404",
    "POST,   /api/runs/17/cancel,                400",
    "POST,   /api/runs/UNKNOWN/cancel,           404",
    "POST,   /api/runs/UNKNOWN/rerun,            404",
    "POST,   /api/workflows/nobody/pause,        404",
    "POST,   /api/workflows/No_Body/resume,      400",
    "GET,    /api/approvals?after=x,             400",
    "GET,    /api/approvals?after=UNKNOWN.,      400",
    "GET,    /api/audit?after=x,                 400",
    "GET,    /api/quarantine?limit=501,          400",
    "GET,    /api/runs/UNKNOWN/cancel,           405",
    "POST,   /api/approvals,                     405",
    "GET,    /api/alerts?state=busy,             400",
    "GET,    /api/alerts?after=x,                400",
    "GET,    /api/alerts?limit=-1,               400",
    "GET,    /api/deliveries?show=x,             400",
    "GET,    /api/deliveries?after=x,            400",
    "POST,   /api/deliveries/17/replay,          400",
    "POST,   /api/deliveries/UNKNOWN/replay,     404",
    "POST,   /api/webhooks/nobody,               404",
    "DELETE, /api/workflows,                     405",
    "PUT,    /api/workflows/sum,                 405",
    "POST,   /api/runs,                          405",
    "POST,   /api/runs/UNKNOWN,                  405",
    "POST,   /api/agents,                        405",
    "GET,    /api/agents/greeter/selftest,       405",
    "GET,    /api/webhooks/alertmanager,         405",
    "GET,    /api/deliveries/UNKNOWN/replay,     405",
    "GET,    /api,                               404",
    "GET,    /api/,                              404",
    "GET,    /api/nothing,                       404",
    "GET,    /api/runs/UNKNOWN/nodes,            404",
    "GET,    /nothing,                           404",
    "GET,    /,                                  404",
  })
  void whatCannotBeAnsweredIsAProblemDocument(String method, String path, int status) {
    var body = method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}");

    server
        .send(
            server
                .request(path.replace("UNKNOWN", UNKNOWN_ID))
                .header("Content-Type", "application/json")
                .method(method, body))
        .isProblem(status);
  }
}
