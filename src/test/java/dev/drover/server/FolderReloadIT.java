package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TestDatabase;
import dev.drover.name.AgentName;
import dev.drover.name.ProjectName;
import dev.drover.run.RunId;
import dev.drover.run.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Files are loaded at the start and again when they change; what is broken breaks nothing. */
@ExtendWith(OutputCaptureExtension.class)
class FolderReloadIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String ONE = "name: %s\nnodes:\n  only: { value: %s }\n";

  @TempDir static Path folder;

  private static TestDatabase database;
  private static ReloadedServer server;

  @BeforeAll
  static void startServer() {
    database = TestDatabase.create();
    ReloadedServer.write(folder, "flows/first.yaml", ONE.formatted("first", "1"));
    ReloadedServer.write(folder, "agents/tool/agent.yaml", "name: tool\ncommand: [sh, run.sh]\n");
    ReloadedServer.write(folder, "agents/tool/run.sh", "cat\n");
    ReloadedServer.write(folder, "routes/echo.camel.yaml", route("echo", "direct:echo", "mock:a"));
    server = ReloadedServer.start(folder, database);
  }

  @AfterAll
  static void stopServer() {
    server.close();
    database.close();
  }

  @Test
  void filesAreLoadedAtTheStart() {
    assertThat(server.version("first")).contains(1);
    assertThat(server.agents().find(new AgentName("tool"))).isPresent();
    assertThat(server.camel().getRoute("echo")).isNotNull();
  }

  @Test
  void runsInFlightFinishOnTheVersionThatTheyBeganOn() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    server.camel().addRoutes(holding("direct:hold", gate));
    String held =
        """
        name: held
        nodes:
          wait: { to: "direct:hold" }
          tell: { dependsOn: [wait], value: %s }
        outputs: { told: "${{ nodes.tell.output }}" }
        """;
    server.write("flows/held.yaml", held.formatted("old"));
    RunId old = server.open("held");
    server.write("flows/held.yaml", held.formatted("new"));
    RunId fresh = server.open("held");
    server.removeDrained();
    assertThat(server.routes("default/held@1/")).isNotEmpty();
    assertThat(server.routes("default/held@2/")).isNotEmpty();

    gate.countDown();
    awaitState(old, RunState.SUCCEEDED);
    awaitState(fresh, RunState.SUCCEEDED);
    assertThat(server.run(old).version().version()).isEqualTo(1);
    assertThat(server.run(old).outputs()).isEqualTo("{\"told\":\"old\"}");
    assertThat(server.run(fresh).outputs()).isEqualTo("{\"told\":\"new\"}");
    server.removeDrained();
    assertThat(server.routes("default/held@1/")).isEmpty();
    assertThat(server.routes("default/held@2/")).isNotEmpty();
  }

  @Test
  void aBrokenWorkflowIsReportedWithItsPlacesAndTheLastGoodVersionStays(CapturedOutput output) {
    server.write("flows/breaks.yaml", ONE.formatted("breaks", "1"));
    server.write(
        "flows/breaks.yaml",
        "name: breaks\nnodes:\n  a: { vlaue: 1 }\n  b: { dependsOn: [aa], value: 1 }\n");
    assertThat(output)
        .contains("Workflow not loaded; its last good version stays in force")
        .contains("breaks.yaml:3:8: nodes.a.vlaue: unknown key", "did you mean \"value\"?")
        .contains("breaks.yaml:4:20: nodes.b.dependsOn[0]: unknown node \"aa\"");
    assertThat(server.version("breaks")).contains(1);
    awaitState(server.open("breaks"), RunState.SUCCEEDED);
    server.write("flows/breaks.yaml", ONE.formatted("breaks", "2"));
    assertThat(server.version("breaks")).contains(2);
  }

  @Test
  void aWorkflowWhoseFileIsGoneOpensNoMoreRuns() {
    server.write("flows/gone.yaml", ONE.formatted("gone", "1"));
    server.delete("flows/gone.yaml");
    assertThat(server.version("gone")).isEmpty();
    server.removeDrained();
    assertThat(server.routes("default/gone@")).isEmpty();
    server.write("flows/gone.yaml", ONE.formatted("gone", "1"));
    assertThat(server.version("gone")).contains(1);
    awaitState(server.open("gone"), RunState.SUCCEEDED);
  }

  @Test
  void aRenamedFileKeepsItsWorkflowAndASecondOneOfItsNameIsRefused(CapturedOutput output) {
    server.write("flows/named.yaml", ONE.formatted("named", "1"));
    ReloadedServer.delete(folder, "flows/named.yaml");
    server.write("flows/renamed.yaml", ONE.formatted("named", "1"));
    assertThat(server.version("named")).contains(1);
    server.write("flows/usurper.yaml", ONE.formatted("named", "2"));
    assertThat(output).contains("the name named is taken by renamed.yaml");
    assertThat(server.version("named")).contains(1);
    server.delete("flows/renamed.yaml");
    assertThat(server.version("named")).contains(2);
  }

  @Test
  void aFolderOfAProjectHoldsItsWorkflowsAndAnyOtherIsReported(CapturedOutput output) {
    server.write("flows/ops/ours.yaml", ONE.formatted("ours", "1"));
    assertThat(server.version(new ProjectName("ops"), "ours")).contains(1);
    assertThat(server.version("ours")).isEmpty();
    server.write("flows/nobody/theirs.yaml", ONE.formatted("theirs", "1"));
    server.write("flows/No_Name/theirs.yaml", ONE.formatted("theirs", "1"));
    assertThat(output)
        .contains("theirs.yaml:1:1: the folder is no project; name it in the setting")
        .doesNotContain("foreign key");
    assertThat(server.version("theirs")).isEmpty();
    server.delete("flows/nobody/theirs.yaml");
  }

  @Test
  void aChangeWhileTheDatabaseIsAwayIsTakenInLater() {
    server.write("flows/patient.yaml", ONE.formatted("patient", "1"));
    database.goAway();
    server.write("flows/patient.yaml", ONE.formatted("patient", "2"));
    assertThat(server.version("patient")).contains(1);
    database.comeBack();
    await().atMost(SOON).untilAsserted(() -> assertThat(server.version("patient")).contains(2));
  }

  @Test
  void anAgentIsReplacedKeptAndRemovedWithItsManifest(CapturedOutput output) {
    AgentName hammer = new AgentName("hammer");
    server.write("agents/hammer/agent.yaml", "name: hammer\ncommand: [sh, run.sh]\n");
    server.write(
        "agents/hammer/agent.yaml", "name: hammer\ndescription: heavy\ncommand: [sh, run.sh]\n");
    assertThat(server.agents().find(hammer).orElseThrow().manifest().description())
        .isEqualTo("heavy");
    server.write("agents/hammer/agent.yaml", "name: hammer\ncomand: [sh, run.sh]\n");
    assertThat(output).contains("Agent not registered").contains("agent.yaml:2:1", "comand");
    assertThat(server.agents().find(hammer).orElseThrow().manifest().description())
        .isEqualTo("heavy");
    server.delete("agents/hammer/agent.yaml");
    assertThat(server.agents().find(hammer)).isEmpty();
  }

  @Test
  void aWorkflowThatLacksItsAgentIsLoadedWhenTheAgentComes(CapturedOutput output) {
    server.write("flows/early.yaml", "name: early\nnodes:\n  saw: { agent: saw, with: {} }\n");
    assertThat(output).contains("unknown agent \"saw\"");
    assertThat(server.version("early")).isEmpty();
    server.write("agents/saw/agent.yaml", "name: saw\ncommand: [sh, run.sh]\n");
    assertThat(server.version("early")).contains(1);
  }

  @Test
  void routesAreReplacedAndGoWithTheirFile() {
    server.write("routes/one.camel.yaml", route("one", "direct:one", "mock:b"));
    server.write("routes/one.camel.yaml", route("uno", "direct:one", "mock:b"));
    assertThat(server.camel().getRoute("one")).isNull();
    assertThat(server.camel().getRoute("uno")).isNotNull();
    server.delete("routes/one.camel.yaml");
    assertThat(server.camel().getRoute("uno")).isNull();
  }

  @Test
  void brokenRoutesLeaveTheOldOnesRunning(CapturedOutput output) {
    String good = route("two", "direct:two", "mock:c");
    server.write("routes/two.camel.yaml", good);
    for (String broken :
        new String[] {
          "- route: [",
          good.replace("steps", "stesp"),
          route("two", "direct:two", "nosuch:thing"),
          route("deux", "direct:two", "nosuch:thing"),
          route("echo", "direct:two", "mock:c"),
          good + route("deux", "direct:two", "mock:c"),
        }) {
      server.write("routes/two.camel.yaml", broken);
      assertThat(server.camel().getRoute("two")).as(broken).isNotNull();
      assertThat(server.camel().getRoute("deux")).as(broken).isNull();
      assertThat(server.camel().getRouteController().getRouteStatus("two").isStarted()).isTrue();
      assertThat(server.camel().createProducerTemplate().requestBody("direct:two", "x"))
          .as(broken)
          .isEqualTo("x");
    }
    assertThat(output)
        .contains("Routes not loaded; what was loaded before stays")
        .contains("there are routes already with the ids [echo]");
    assertThat(server.camel().getRoute("echo").getEndpoint().getEndpointUri())
        .isEqualTo("direct://echo");
  }

  @Test
  void aFileThatWentWhileNoServerRanIsRetiredAtTheNextStart() {
    TestDatabase other = TestDatabase.create();
    Path home = folder.resolve("other");
    ReloadedServer.write(home, "flows/stays.yaml", ONE.formatted("stays", "1"));
    ReloadedServer.write(home, "flows/leaves.yaml", ONE.formatted("leaves", "1"));
    try (ReloadedServer before = ReloadedServer.start(home, other)) {
      assertThat(before.version("leaves")).contains(1);
    }
    ReloadedServer.delete(home, "flows/leaves.yaml");
    try (ReloadedServer after = ReloadedServer.start(home, other)) {
      assertThat(after.version("leaves")).isEmpty();
      assertThat(after.version("stays")).contains(1);
    }
    other.close();
  }

  private static void awaitState(RunId run, RunState state) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(server.run(run).state()).isEqualTo(state));
  }

  private static String route(String id, String from, String to) {
    return """
        - route:
            id: %s
            from:
              uri: %s
              steps:
                - to: %s
        """
        .formatted(id, from, to.startsWith("mock:") ? "log:" + to.substring(5) : to);
  }

  private static RouteBuilder holding(String from, CountDownLatch gate) {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from(from)
            .process(
                exchange -> {
                  if (!gate.await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody opened the gate");
                  }
                });
      }
    };
  }
}
