package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that repeat earlier ones. */
class RerunIT {
  private static final String WORK =
      """
      name: work
      inputs:
        n: { type: integer, default: 2 }
      nodes:
        list: { value: "${{ [inputs.n, inputs.n + 1] }}" }
        each: { dependsOn: [list], forEach: "${{ nodes.list.output }}", value: "${{ item * 10 }}" }
        never: { dependsOn: [list], when: "false", value: 1 }
        act: { dependsOn: [each], agent: counting }
        end: { dependsOn: [act, each], value: "${{ nodes.act.output.n + nodes.each.output[1] }}" }
      outputs: { sum: "${{ nodes.end.output }}" }
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

  @AfterEach
  void mend() {
    files.mendCounting();
  }

  private static String failed(String project) {
    files.breakCounting();
    Reply run = server.run(project, "work", "{\"inputs\":{\"n\":4}}");
    assertThat(run.text("state")).as(run.body()).isEqualTo("FAILED");
    files.mendCounting();
    return run.text("id");
  }

  @Test
  void whatSucceededIsKeptAndTheRestRunsAgain() {
    String project = server.newProject();
    server.deploy(project, WORK);
    String run = failed(project);

    Reply plan = server.act(project, run, "rerun", "{\"dryRun\":true}").is(200);
    assertThat(plan.at("id")).isNull();
    assertThat(plan.at("kept")).isEqualTo(List.of("list", "each", "never"));
    assertThat(plan.list("again"))
        .extracting(a -> a.get("node") + ": " + a.get("why"))
        .containsExactly("act: it failed", "end: what it depends on failed");
    assertThat(plan.list("missing"))
        .containsExactly(Map.of("node", "end", "reads", "nodes.act.output", "comesAnew", true));
    assertThat(plan.at("onceAgain")).isEqualTo(List.of("act"));
    assertThat(server.count(project, "run", "true")).isEqualTo(1);

    Reply opened = server.act(project, run, "rerun", "{\"by\":\"Ada\"}").is(202);

    assertThat(opened.at("kept")).isEqualTo(plan.at("kept"));
    String again = opened.text("id");
    Reply ended = server.ended(project, again);
    assertThat(ended.text("state")).as(ended.body()).isEqualTo("SUCCEEDED");
    assertThat(ended.at("outputs")).isEqualTo(Map.of("sum", 51L));
    assertThat(ended.at("inputs")).isEqualTo(Map.of("n", 4L));
    assertThat(ended.text("rerunOf")).isEqualTo(run);
    assertThat(RunningServer.node(ended, "each"))
        .containsEntry("reason", "kept from run " + run)
        .hasEntrySatisfying("items", items -> assertThat((List<?>) items).hasSize(2));
    assertThat(RunningServer.node(ended, "never")).containsEntry("state", "SKIPPED");
    assertThat(files.keys(run)).containsExactly(run + "/act");
    assertThat(files.keys(again)).containsExactly(again + "/act");
    Reply earlier = server.get("/api/runs/" + run + "?project=" + project);
    assertThat(earlier.list("reruns")).extracting(r -> r.get("id")).containsExactly(again);
    assertThat(server.get("/api/audit?project=" + project).list("items"))
        .singleElement()
        .satisfies(
            deed ->
                assertThat(deed)
                    .containsEntry("who", "Ada")
                    .containsEntry("action", "rerun")
                    .containsEntry("subject", run));
    Reply succeeded = server.act(project, again, "rerun", "").isProblem(409);
    assertThat(succeeded.text("detail")).contains("has SUCCEEDED");
  }

  @Test
  void fromTheStartEverythingRunsAgain() {
    String project = server.newProject();
    server.deploy(project, WORK);
    Reply first = server.run(project, "work", "{}");
    assertThat(first.text("state")).as(first.body()).isEqualTo("SUCCEEDED");

    Reply opened = server.act(project, first.text("id"), "rerun", "{\"from\":\"start\"}").is(202);

    assertThat(opened.at("kept")).isEqualTo(List.of());
    assertThat(opened.at("onceAgain")).isEqualTo(List.of("act"));
    String again = opened.text("id");
    assertThat(server.ended(project, again).text("state")).isEqualTo("SUCCEEDED");
    assertThat(files.keys(again)).containsExactly(again + "/act");
  }

  @Test
  void onTheNewestVersionThatIsKeptWhichIsWrittenTheSame() {
    String project = server.newProject();
    server.deploy(project, WORK);
    String run = failed(project);
    server.deploy(
        project,
        WORK.replace("item * 10", "item * 100").replace("agent: counting", "value: { n: 7 }"));

    Reply opened = server.act(project, run, "rerun", "{\"version\":\"newest\"}").is(202);

    assertThat(opened.at("version")).isEqualTo(2L);
    assertThat(opened.at("kept")).isEqualTo(List.of("list", "never"));
    assertThat(server.ended(project, opened.text("id")).at("outputs"))
        .isEqualTo(Map.of("sum", 507L));
    Reply same = server.act(project, run, "rerun", "{\"version\":\"same\"}").is(202);
    assertThat(same.at("version")).isEqualTo(1L);
    assertThat(server.ended(project, same.text("id")).at("outputs")).isEqualTo(Map.of("sum", 51L));
  }

  @Test
  void inputsThatTheNewestVersionNeedsAreNamedAndThoseThatItDoesNotTakeAreLeftOut() {
    String project = server.newProject();
    server.deploy(project, WORK);
    String run = failed(project);
    String newest = "{\"version\":\"newest\",\"dryRun\":true}";
    server.deploy(project, WORK.replace("nodes:", "  host: { type: string }\nnodes:"));
    Reply refused = server.act(project, run, "rerun", newest).isProblem(422);
    assertThat(refused.at("problems").toString()).contains("host");

    server.deploy(
        project,
        WORK.replace("n: { type: integer, default: 2 }", "m: { type: integer, default: 3 }")
            .replace("inputs.n", "inputs.m"));
    Reply dropped = server.act(project, run, "rerun", newest).is(200);
    assertThat(dropped.at("droppedInputs")).isEqualTo(List.of("n"));
    assertThat(server.count(project, "run", "true")).isEqualTo(1);
  }

  @Test
  void whatWasUndoneIsDoneAgain() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: work
        nodes:
          before: { value: 1 }
          do: { dependsOn: [before], to: "log:do", undo: { to: "log:undo" } }
          act: { dependsOn: [do], agent: counting }
        """);
    files.breakCounting();
    String run = server.run(project, "work", "{}").text("id");
    files.mendCounting();

    Reply opened = server.act(project, run, "rerun", "{}").is(202);

    assertThat(opened.at("kept")).isEqualTo(List.of("before"));
    assertThat(opened.list("again").get(0)).containsEntry("why", "what it did was undone");
    assertThat(server.ended(project, opened.text("id")).text("state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void aRunIsNotRepeatedWhileItGoesOnOrIsBeingRepeated() {
    String project = server.newProject();
    server.deploy(project, WORK);
    String run = failed(project);
    server.postJson("/api/workflows/work/pause?project=" + project, "").is(200);

    Reply opened = server.act(project, run, "rerun", "").is(202);

    assertThat(opened.text("state")).isEqualTo("QUEUED");
    Reply second = server.act(project, run, "rerun", "").isProblem(409);
    assertThat(second.text("detail")).contains("is being repeated by run " + opened.text("id"));
    Reply unended = server.act(project, opened.text("id"), "rerun", "").isProblem(409);
    assertThat(unended.text("detail")).contains("has not ended: it is QUEUED");
    server.postJson("/api/workflows/work/resume?project=" + project, "").is(200);
    assertThat(server.ended(project, opened.text("id")).text("state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void whatWaitsForTheEndOfItsAlertsAndSharesSlotsDoesSoAgain() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: work
        triggers: [ { alert: { match: { alertname: Disk } } } ]
        concurrency: { key: "${{ trigger.alert.labels.host }}", limit: 1 }
        nodes:
          act: { agent: counting }
          verify: { dependsOn: [act], wait: { until: resolved, timeout: 1h } }
        outputs: { resolved: "${{ nodes.verify.output.resolved }}" }
        """);
    files.breakCounting();
    Reply received = server.alerts(project, alert("firing")).is(202);
    String run = server.ended(project, received.text("runs.0.id")).text("id");
    files.mendCounting();

    String again = server.act(project, run, "rerun", "").is(202).text("id");

    Reply waiting = server.until(project, again, r -> r.text("state").equals("WAITING"));
    assertThat(waiting.at("concurrency"))
        .isEqualTo(Map.of("key", "db-1", "limit", 1L, "overflow", "queue"));
    assertThat(waiting.text("trigger.type")).isEqualTo("alert");
    server.alerts(project, alert("resolved")).is(200);
    assertThat(server.ended(project, again).at("outputs")).isEqualTo(Map.of("resolved", true));
  }

  private static String alert(String status) {
    return "{\"alerts\":[{\"status\":\"%s\",\"labels\":{\"alertname\":\"Disk\",\"host\":\"db-1\"}}]}"
        .formatted(status);
  }
}
