package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people tell runs and workflows, over HTTP: stop, yes, no, pause, resume. */
class RunControlIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ASK =
      """
      name: ask
      nodes:
        question: { approval: { message: "Shall I, ${{ project.name }}?", timeout: 1h } }
        after: { dependsOn: [question], value: "${{ nodes.question.output.by }}" }
      outputs: { by: "${{ nodes.after.output }}" }
      """;

  @TempDir private static Path home;
  private static ControlFiles files;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    files = new ControlFiles(home).write();
    server = RunningServer.in(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aRunningAgentHearsOfACancelWithinASecond() {
    String project = server.newProject();
    server.deploy(project, "name: stubborn\nnodes:\n  work: { agent: stubborn }\n");
    String run = server.start(project, "stubborn", "{}");
    files.awaitMark("started", run, SOON);

    Reply reply = server.act(project, run, "cancel", "{\"reason\":\"wrong host\",\"by\":\"Ada\"}");

    files.awaitMark("stopped", run, Duration.ofSeconds(1));
    assertThat(reply.is(202).object()).containsEntry("id", run).containsEntry("state", "RUNNING");
    Reply ended = server.ended(project, run);
    assertThat(ended.text("state")).isEqualTo("CANCELLED");
    assertThat(ended.text("reason")).startsWith("cancelled: wrong host (by Ada)");
    assertThat(RunningServer.node(ended, "work")).containsEntry("state", "CANCELLED");
    assertThat(server.get(path(project, run, "nodes/work/attempts")).list("items"))
        .singleElement()
        .satisfies(
            a ->
                assertThat(a)
                    .containsEntry("number", 1L)
                    .containsEntry("state", "CANCELLED")
                    .containsEntry("runtime", "process")
                    .containsKeys("exitCode", "error", "startedAt", "endedAt"));
    assertThat(audit(project))
        .singleElement()
        .satisfies(
            deed ->
                assertThat(deed)
                    .containsEntry("who", "Ada")
                    .containsEntry("action", "cancel")
                    .containsEntry("subject", run)
                    .containsEntry("detail", Map.of("reason", "wrong host")));
    Reply again = server.act(project, run, "cancel", "").isProblem(409);
    assertThat(again.text("detail")).contains("has ended as CANCELLED");
    assertThat(again.text("state")).isEqualTo("CANCELLED");
  }

  @Test
  void aRunThatHasNotBegunEndsAtOnce() {
    String project = server.newProject();
    server.deploy(project, ASK);
    pause(project, "ask", "pause");
    String run = server.start(project, "ask", "{}");

    Reply reply = server.act(project, run, "cancel", "").is(202);

    assertThat(reply.text("state")).isEqualTo("CANCELLED");
    assertThat(server.ended(project, run).at("startedAt")).isNull();
    server.act(project, run, "cancel", "").isProblem(409);
  }

  @Test
  void aQuestionMayHoldANul() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: ask
        inputs: { what: { type: string } }
        nodes:
          question: { approval: { message: "${{ inputs.what }}" } }
        """);
    String run = server.start(project, "ask", "{\"inputs\":{\"what\":\"a\\u0000b\"}}");
    await().atMost(SOON).until(() -> approvals(project).size() == 1);

    server.act(project, run, "nodes/question/approve", "{\"by\":\"Bo\"}").is(202);

    assertThat(server.ended(project, run).text("state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void aRunThatWaitsIsCancelledAndItsQuestionIsGone() {
    String project = server.newProject();
    server.deploy(project, ASK);
    String run = waiting(project, "ask");
    assertThat(approvals(project)).hasSize(1);

    assertThat(server.act(project, run, "cancel", "{}").is(202).text("state")).isEqualTo("QUEUED");

    assertThat(server.ended(project, run).text("state")).isEqualTo("CANCELLED");
    assertThat(approvals(project)).isEmpty();
    server.act(project, run, "nodes/question/approve", "{\"by\":\"Bo\"}").isProblem(409);
  }

  @Test
  void theRunOfASubWorkflowIsCancelledWithItsParent() {
    String project = server.newProject();
    server.deploy(project, "name: stubborn\nnodes:\n  work: { agent: stubborn }\n");
    server.deploy(project, "name: parent\nnodes:\n  call: { workflow: stubborn }\n");
    String parent = server.start(project, "parent", "{}");
    Reply shown = server.until(project, parent, run -> !run.list("children").isEmpty());
    String child = shown.text("children.0.id");
    assertThat(shown.list("children").get(0))
        .containsEntry("workflow", "stubborn")
        .containsEntry("node", "call");
    files.awaitMark("started", child, SOON);
    assertThat(
            server.get("/api/runs?project=" + project + "&parent=" + parent).is(200).list("items"))
        .extracting(run -> run.get("id"))
        .containsExactly(child);

    server.act(project, parent, "cancel", "{\"reason\":\"enough\"}").is(202);

    files.awaitMark("stopped", child, Duration.ofSeconds(3));
    assertThat(server.ended(project, parent).text("state")).isEqualTo("CANCELLED");
    Reply ended = server.ended(project, child);
    assertThat(ended.text("state")).isEqualTo("CANCELLED");
    assertThat(Json.asObject(ended.at("parent")))
        .containsEntry("run", parent)
        .containsEntry("node", "call");
  }

  @Test
  void questionsAreListedAndTheFirstAnswerCounts() {
    String project = server.newProject();
    server.deploy(project, ASK);
    String run = waiting(project, "ask");
    assertThat(approvals(project))
        .singleElement()
        .satisfies(
            a -> {
              assertThat(a)
                  .containsEntry("run", run)
                  .containsEntry("workflow", "ask")
                  .containsEntry("node", "question")
                  .containsEntry("message", "Shall I, " + project + "?");
              assertThat(Instant.parse((String) a.get("until")))
                  .isAfter(Instant.parse((String) a.get("since")));
            });
    String approve = "nodes/question/approve";

    server.act(project, run, approve, "{\"comment\":\"why not\"}").isProblem(400);
    server.act(project, run, approve, "{\"by\":\" \"}").isProblem(400);
    server.act(project, run, "nodes/after/approve", "{\"by\":\"Bo\"}").isProblem(409);
    server.act(project, run, "nodes/nobody/approve", "{\"by\":\"Bo\"}").isProblem(404);
    Reply first = server.act(project, run, approve, "{\"by\":\"Bo\",\"comment\":\"why not\"}");
    assertThat(first.is(202).object())
        .containsEntry("decision", "approved")
        .containsEntry("by", "Bo");
    Reply second = server.act(project, run, "nodes/question/reject", "{\"by\":\"Ada\"}");

    assertThat(second.isProblem(409).text("detail")).contains("was approved by Bo");
    assertThat(second.text("by")).isEqualTo("Bo");
    assertThat(server.ended(project, run).at("outputs")).isEqualTo(Map.of("by", "Bo"));
    Reply late = server.act(project, run, "nodes/question/reject", "{\"by\":\"Ada\"}");
    assertThat(late.isProblem(409).text("detail")).contains("was approved by Bo");
    assertThat(approvals(project)).isEmpty();
    assertThat(audit(project)).extracting(d -> d.get("who")).containsExactly("Bo");
  }

  @Test
  void aNoFailsTheNodeAndSaysWhoSaidIt() {
    String project = server.newProject();
    server.deploy(project, ASK);
    String run = waiting(project, "ask");

    server
        .act(project, run, "nodes/question/reject", "{\"by\":\"Bo\",\"comment\":\"at night?\"}")
        .is(202);

    assertThat(server.ended(project, run).text("reason")).contains("rejected by Bo: at night?");
    assertThat(
            server
                .act(project, run, "nodes/question/approve", "{\"by\":\"Ada\"}")
                .isProblem(409)
                .text("detail"))
        .contains("rejected by Bo: at night?");
  }

  @Test
  void whatNobodyAnswersIsDecidedByItsTime() {
    String project = server.newProject();
    server.deploy(project, ASK.replace("timeout: 1h", "timeout: 300ms, onTimeout: approve"));
    String run = server.start(project, "ask", "{}");

    assertThat(server.ended(project, run).text("state")).isEqualTo("SUCCEEDED");
    assertThat(
            server
                .act(project, run, "nodes/question/reject", "{\"by\":\"Ada\"}")
                .isProblem(409)
                .text("detail"))
        .contains("nobody decided in time");
  }

  @Test
  void questionsArePaged() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: two
        nodes:
          a: { approval: { message: a } }
          b: { approval: { message: b } }
        """);
    for (int i = 0; i < 3; i++) {
      waiting(project, "two");
    }

    String path = "/api/approvals?project=" + project + "&limit=4";
    Reply first = server.get(path).is(200);
    Reply rest = server.get(path + "&after=" + first.text("next")).is(200);

    assertThat(first.list("items")).hasSize(4);
    assertThat(rest.list("items")).hasSize(2).doesNotContainAnyElementsOf(first.list("items"));
    assertThat(rest.at("next")).isNull();
  }

  @Test
  void theAlertsOfAPausedWorkflowWaitVisiblyAndGoOnWhenItIsResumed() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: disk
        triggers: [ { alert: { match: { alertname: Disk } } } ]
        nodes: { look: { value: 1 } }
        """);
    assertThat(pause(project, "disk", "pause").object()).containsEntry("paused", true);
    assertThat(server.get("/api/workflows?project=" + project).at("items.0.paused"))
        .isEqualTo(true);

    server.alerts(project, alerts(50)).is(202);

    List<Map<String, Object>> queued =
        server.get("/api/runs?state=QUEUED&limit=100&project=" + project).list("items");
    assertThat(queued)
        .hasSize(50)
        .allSatisfy(run -> assertThat(run).containsEntry("reason", "its workflow is paused"));
    await()
        .during(Duration.ofMillis(1_200))
        .atMost(SOON)
        .until(() -> server.count(project, "run", "state <> 'QUEUED'") == 0);
    assertThat(pause(project, "disk", "resume").object()).containsEntry("paused", false);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> server.count(project, "run", "state = 'SUCCEEDED'") == 50);
    assertThat(audit(project))
        .extracting(d -> d.get("action") + " " + d.get("subject"))
        .containsExactly("resume disk", "pause disk");
  }

  @Test
  void whatWasSetAsideAndWhichServersThereAreIsShown() {
    String project = server.newProject();
    server
        .jdbc()
        .sql(
            """
            insert into quarantine (id, project, kind, subject, reason, raw)
            select gen_random_uuid(), p, 'run', 's' || n, 'odd', '{'
            from generate_series(1, 5) n, unnest(array[:project, null]) p
            """)
        .param("project", project)
        .update();

    String path = "/api/quarantine?limit=3&project=" + project;
    Reply first = server.get(path).is(200);
    Reply rest = server.get(path + "&after=" + first.text("next")).is(200);

    assertThat(first.list("items")).hasSize(3);
    assertThat(rest.list("items"))
        .hasSize(2)
        .allSatisfy(i -> assertThat(i).containsEntry("project", project).containsKey("raw"));
    assertThat(server.get("/api/quarantine").list("items")).hasSize(5);
    assertThat(server.get("/api/servers").is(200).list("items"))
        .singleElement()
        .satisfies(
            s ->
                assertThat(s)
                    .containsEntry("alive", true)
                    .containsKeys("id", "name", "startedAt", "leaseUntil", "inFlight"));
  }

  @Test
  void whatAWorkflowSaysIsShownInItsOwnWords() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: all
        triggers:
          - alert: { match: { a: b }, cooldown: 10m, onResolved: cancel }
          - schedule: { cron: "0 0 3 * * *", zone: Europe/Berlin, missed: skip }
        concurrency: { key: "${{ project.name }}", limit: 2, overflow: drop }
        timeout: 90m
        nodes:
          list: { value: [1, 2] }
          each:
            dependsOn: [list]
            forEach: "${{ nodes.list.output }}"
            maxParallel: 2
            agent: stubborn
            retry: { attempts: 4, delay: 2s, on: [timeout] }
            undo: { agent: stubborn, timeout: 1m }
          ask: { approval: { message: "ok ${{ project.name }}?", timeout: 1h, onTimeout: approve } }
          pause: { wait: { for: 10m } }
          gone: { wait: { until: resolved, timeout: 15m } }
          call: { workflow: other }
        """);

    Reply shown = server.get("/api/workflows/all?project=" + project).is(200);

    assertThat(shown.at("triggers"))
        .isEqualTo(
            List.of(
                Map.of(
                    "type", "alert",
                    "match", Map.of("a", List.of("b")),
                    "per", "alert",
                    "cooldown", "10m",
                    "onResolved", "cancel"),
                Map.of(
                    "type", "schedule",
                    "cron", "0 0 3 * * *",
                    "zone", "Europe/Berlin",
                    "missed", "skip")));
    assertThat(shown.at("concurrency"))
        .isEqualTo(Map.of("key", "${{ project.name }}", "limit", 2L, "overflow", "drop"));
    assertThat(shown.text("timeout")).isEqualTo("1h30m");
    Map<String, Object> each = RunningServer.node(shown, "each");
    assertThat(each)
        .containsEntry("forEach", "${{ nodes.list.output }}")
        .containsEntry("maxParallel", 2L)
        .containsEntry("undo", Map.of("agent", "stubborn", "timeout", "1m"));
    assertThat(Json.asObject(each.get("retry")))
        .containsEntry("attempts", 4L)
        .containsEntry("delay", "2s")
        .containsEntry("on", List.of("timeout"));
    assertThat(RunningServer.node(shown, "ask"))
        .containsEntry(
            "approval",
            Map.of("message", "ok ${{ project.name }}?", "timeout", "1h", "onTimeout", "approve"));
    assertThat(RunningServer.node(shown, "pause")).containsEntry("wait", Map.of("for", "10m"));
    assertThat(RunningServer.node(shown, "gone"))
        .containsEntry("wait", Map.of("until", "resolved", "timeout", "15m"));
    assertThat(RunningServer.node(shown, "call")).containsEntry("workflow", "other");
  }

  @Test
  void aRunIsReachedThroughItsOwnProjectOnly() {
    String mine = server.newProject();
    String other = server.newProject();
    server.deploy(mine, ASK);
    String run = waiting(mine, "ask");

    server.act(other, run, "cancel", "").isProblem(404);
    server.act(other, run, "rerun", "").isProblem(404);
    server.act(other, run, "nodes/question/approve", "{\"by\":\"Bo\"}").isProblem(404);
    server.get(path(other, run, "nodes/question/attempts")).isProblem(404);
    assertThat(approvals(other)).isEmpty();
    assertThat(server.get("/api/runs?parent=" + run + "&project=" + other).list("items")).isEmpty();
    assertThat(audit(other)).isEmpty();
    server.act(mine, run, "cancel", "").is(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "1",
        "\"x\"",
        "{",
        "\u0000",
        "{\"by\":1}",
        "{\"by\":[\"x\"]}",
        "{\"by\":{}}",
        "{\"by\":\"a\\u0000b\"}",
        "{\"by\":\"a\\nb\"}",
        "{\"x\":1}",
        "{\"from\":\"middle\",\"by\":1}",
        "{\"dryRun\":\"yes\"}",
        "{\"comment\":7,\"reason\":7}",
        "{\"reason\":\"\\u0000\",\"comment\":\"\\u0000\"}",
        "LONG",
        "DEEP",
      })
  void bodiesThatDoNotFitAreRefusedAndChangeNothing(String given) {
    String project = server.newProject();
    server.deploy(project, ASK);
    String run = waiting(project, "ask");
    String body =
        given
            .replace("LONG", "{\"by\":\"" + "x".repeat(101) + "\"}")
            .replace("DEEP", "[".repeat(100_000));

    for (String deed : List.of("cancel", "rerun", "nodes/question/approve")) {
      server.act(project, run, deed, body).isProblem(400);
    }
    server.postJson("/api/workflows/ask/pause?project=" + project, body).isProblem(400);
    assertThat(approvals(project)).hasSize(1);
    assertThat(audit(project)).isEmpty();
  }

  @Test
  void whatNoColumnCanHoldIsKeptAsFarAsItCan() {
    String project = server.newProject();
    server.deploy(project, ASK);
    String run = waiting(project, "ask");

    server
        .act(
            project,
            run,
            "nodes/question/approve",
            "{\"by\":\"\\ud800 Bo\",\"comment\":\"\\udfff\"}")
        .is(202);

    assertThat(server.ended(project, run).text("state")).isEqualTo("SUCCEEDED");
    assertThat(audit(project)).hasSize(1);
    server.get(path(project, run, "nodes/question/attempts?item=%00")).isProblem(400);
    server.get(path(project, run, "nodes/question/log?item=x")).isProblem(400);
  }

  private static String path(String project, String run, String rest) {
    String joint = rest.contains("?") ? "&" : "?";
    return "/api/runs/" + run + "/" + rest + joint + "project=" + project;
  }

  private static String waiting(String project, String workflow) {
    String run = server.start(project, workflow, "{}");
    server.until(project, run, r -> r.text("state").equals("WAITING"));
    return run;
  }

  private static Reply pause(String project, String workflow, String deed) {
    return server
        .postJson("/api/workflows/" + workflow + "/" + deed + "?project=" + project, "")
        .is(200);
  }

  private static List<Map<String, Object>> approvals(String project) {
    return server.get("/api/approvals?project=" + project).is(200).list("items");
  }

  private static List<Map<String, Object>> audit(String project) {
    return server.get("/api/audit?project=" + project).is(200).list("items");
  }

  private static String alerts(int count) {
    StringBuilder alerts = new StringBuilder();
    for (int i = 0; i < count; i++) {
      alerts
          .append(i == 0 ? "" : ",")
          .append("{\"status\":\"firing\",\"labels\":{\"alertname\":\"Disk\",\"n\":\"")
          .append(i)
          .append("\"}}");
    }
    return "{\"alerts\":[" + alerts + "]}";
  }
}
