package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one database: people need not know which of them carries a run. */
class ReplicaControlIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration QUICK = Duration.ofMillis(1_500);

  @TempDir private static Path home;
  @TempDir private static Path otherHome;
  private static ControlFiles files;
  private static RunningServer carrier;
  private static RunningServer other;

  @BeforeAll
  static void start() {
    files = new ControlFiles(home).write();
    new ControlFiles(otherHome).write();
    carrier = RunningServer.in(home);
    other = carrier.replica(otherHome);
  }

  @AfterAll
  static void stop() {
    other.close();
    carrier.close();
  }

  @Test
  void aCancelReachesTheAgentOnTheServerThatCarriesIt() {
    String project = carrier.newProject();
    carrier.deploy(project, "name: stubborn\nnodes:\n  work: { agent: stubborn }\n");
    String run = carrier.start(project, "stubborn", "{}");
    files.awaitMark("started", run, SOON);
    List<Map<String, Object>> servers = other.get("/api/servers").is(200).list("items");
    assertThat(servers).hasSize(2).allSatisfy(s -> assertThat(s).containsEntry("alive", true));
    assertThat(servers).extracting(s -> s.get("inFlight")).containsExactly(1L, 0L);

    other.act(project, run, "cancel", "").is(202);

    files.awaitMark("stopped", run, QUICK);
    assertThat(carrier.ended(project, run).text("state")).isEqualTo("CANCELLED");
  }

  @Test
  void anAnswerReachesARunThatTheOtherServerCarries() {
    String project = carrier.newProject();
    carrier.deploy(
        project,
        """
        name: busy
        nodes:
          work: { agent: stubborn }
          ask: { approval: { message: ok? } }
          after: { dependsOn: [ask], value: 1 }
        """);
    String run = carrier.start(project, "busy", "{}");
    files.awaitMark("started", run, SOON);
    await()
        .atMost(SOON)
        .until(() -> !carrier.get("/api/approvals?project=" + project).list("items").isEmpty());

    other.act(project, run, "nodes/ask/approve", "{\"by\":\"Bo\"}").is(202);

    await()
        .atMost(QUICK)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                RunningServer.node(carrier.get("/api/runs/" + run + "?project=" + project), "after")
                    .get("state")
                    .equals("SUCCEEDED"));
    Reply second = carrier.act(project, run, "nodes/ask/reject", "{\"by\":\"Ada\"}").isProblem(409);
    assertThat(second.text("detail")).contains("was approved by Bo");
    other.act(project, run, "cancel", "").is(202);
    files.awaitMark("stopped", run, QUICK);
  }

  @Test
  void aRunThatNobodyCarriesGoesOnWhereTheAnswerCame() {
    String project = carrier.newProject();
    carrier.deploy(
        project,
        """
        name: ask
        nodes:
          ask: { approval: { message: ok? } }
          after: { dependsOn: [ask], value: 1 }
        """);
    String run = carrier.start(project, "ask", "{}");
    carrier.until(project, run, r -> r.text("state").equals("WAITING"));

    other.act(project, run, "nodes/ask/approve", "{\"by\":\"Bo\"}").is(202);

    await()
        .atMost(QUICK)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                carrier
                    .get("/api/runs/" + run + "?project=" + project)
                    .text("state")
                    .equals("SUCCEEDED"));
  }

  @Test
  void aPauseHoldsOnBothServers() {
    String project = carrier.newProject();
    carrier.deploy(project, "name: one\nnodes:\n  a: { value: 1 }\n");
    other.postJson("/api/workflows/one/pause?project=" + project, "").is(200);

    String run = carrier.start(project, "one", "{}");

    assertThat(other.get("/api/runs/" + run + "?project=" + project).text("reason"))
        .isEqualTo("its workflow is paused");
    carrier.postJson("/api/workflows/one/resume?project=" + project, "").is(200);
    assertThat(carrier.ended(project, run).text("state")).isEqualTo("SUCCEEDED");
  }
}
