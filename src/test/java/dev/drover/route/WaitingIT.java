package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.TestDatabase;
import dev.drover.name.NodeId;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import dev.drover.run.RunState;
import dev.drover.run.Signal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs that wait leave memory, and go on when what they wait for happens: once, wherever. */
class WaitingIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ASKING =
      """
      name: asking
      nodes:
        before: { value: 1 }
        ask:
          dependsOn: [before]
          approval: { message: "Shall I ${{ nodes.before.output }}?" }
        after: { dependsOn: [ask], to: "direct:echo", with: "${{ nodes.ask.output }}" }
      outputs: { by: "${{ nodes.ask.output.by }}" }
      """;

  private TestDatabase database;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create();
    engine = Engine.on(database);
  }

  @AfterEach
  void stop() {
    engine.close();
    database.close();
  }

  @Test
  void anApprovalLeavesMemoryAndGoesOnWhenSomebodySaysYes() {
    RunId run = engine.open(engine.deploy(ASKING));
    assertThat(engine.await(run, RunState.WAITING).reason())
        .isEqualTo("ask waits for an approval: Shall I 1?");
    assertThat(engine.dispatcher().inFlight()).isZero();
    assertThat(engine.node(run, "ask").state()).isEqualTo(NodeState.WAITING);
    decide(run, Signal.Kind.APPROVED);
    assertThat(engine.await(run, RunState.SUCCEEDED).outputs()).isEqualTo("{\"by\":\"ann\"}");
    assertThat(engine.calls().keys()).containsExactly(run + "/after");
    assertThat(signals()).isZero();
  }

  @Test
  void aNoFailsItsNodeAndNothingBehindItIsDone() {
    RunId run = engine.open(engine.deploy(ASKING));
    engine.await(run, RunState.WAITING);
    decide(run, Signal.Kind.REJECTED);
    assertThat(engine.await(run, RunState.FAILED).reason())
        .contains("node ask failed: rejected by ann: because");
    assertThat(engine.states(run)).containsEntry(new NodeId("after"), NodeState.UPSTREAM_FAILED);
    assertThat(engine.calls().keys()).isEmpty();
  }

  @Test
  void whatIsSaidWhileTheRunIsStillBusyIsHeardWithoutWaitingForTheRest() {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: busy
                nodes:
                  slow: { to: "direct:hold" }
                  ask: { approval: { message: ok? } }
                  after: { dependsOn: [ask], to: "direct:echo" }
                """));
    engine.calls().awaitCalls(1);
    Awaitility.await().atMost(SOON).until(() -> waiting() == 1);
    assertThat(engine.run(run).state()).isEqualTo(RunState.RUNNING);
    decide(run, Signal.Kind.APPROVED);
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> engine.calls().count("after") == 1);
    engine.calls().letGo();
    engine.await(run, RunState.SUCCEEDED);
    assertThat(engine.calls().count("slow")).isEqualTo(1);
  }

  @Test
  void waitsShortAndLongAreOverAtTheirTimeAlsoAfterACrash() throws Exception {
    RunId brief = engine.open(engine.deploy(delay("brief", "200ms")));
    engine.await(brief, RunState.SUCCEEDED);
    RunId later = engine.open(engine.deploy(delay("later", "12s")));
    engine.await(later, RunState.WAITING);
    engine.die();
    database.jdbc().sql("update run set wake_at = now() where state = 'WAITING'").update();
    engine = Engine.on(database);
    assertThat(engine.run(later).state()).isNotEqualTo(RunState.SUCCEEDED);
    engine.await(later, RunState.SUCCEEDED); // what was due too early waits on to its own time
    assertThat(engine.node(later, "pause").output()).isEqualTo("{\"waited\":\"12s\"}");
    assertThat(engine.calls().keys()).containsExactly(later + "/after");
  }

  @Test
  void anApprovalThatNobodyGivesIsDecidedByItsTimeout() {
    String text =
        """
        name: late-%s
        nodes:
          ask: { approval: { message: ok?, timeout: 300ms, onTimeout: %s } }
        """;
    RunId yes = engine.open(engine.deploy(text.formatted("yes", "approve")));
    RunId no = engine.open(engine.deploy(text.formatted("no", "reject")));
    assertThat(engine.await(no, RunState.FAILED).reason()).contains("nobody decided in time");
    engine.await(yes, RunState.SUCCEEDED);
    assertThat(engine.node(yes, "ask").output()).contains("\"approved\":true", "\"by\":null");
  }

  @Test
  void aRetryWaitsLongerEachTimeAndKeepsItsIdempotencyKey() {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: third
                nodes:
                  flaky:
                    to: "direct:third"
                    retry: { attempts: 3, delay: 100ms, factor: 3, jitter: 0 }
                """));
    long begin = System.nanoTime();
    engine.await(run, RunState.SUCCEEDED);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(300));
    assertThat(engine.calls().keys())
        .containsExactly(run + "/flaky", run + "/flaky", run + "/flaky");
    assertThat(engine.node(run, "flaky").attempts()).isEqualTo(3);
    assertThat(
            database
                .jdbc()
                .sql("select state from attempt order by number")
                .query(String.class)
                .list())
        .containsExactly("FAILED", "FAILED", "SUCCEEDED");
  }

  @Test
  void aRetryThatIsFarAwayParksTheRunAndSurvivesACrash() throws Exception {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: far
                nodes:
                  flaky: { to: "direct:third", retry: { attempts: 3, delay: 1h, maxDelay: 1h } }
                """));
    assertThat(engine.await(run, RunState.WAITING).reason())
        .contains("flaky waits for its next attempt", "not yet");
    engine.die();
    engine = Engine.on(database);
    for (int attempt = 2; attempt <= 3; attempt++) {
      engine.await(run, RunState.WAITING);
      makeDue();
      int calls = attempt - 1;
      Awaitility.await().atMost(SOON).until(() -> engine.calls().keys().size() == calls);
    }
    engine.await(run, RunState.SUCCEEDED);
    assertThat(engine.node(run, "flaky").attempts()).isEqualTo(3);
  }

  @Test
  void whatIsNotAskedForIsNotRepeated() {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: timeouts-only
                nodes:
                  flaky: { to: "direct:third", retry: { attempts: 3, delay: 1ms, on: [timeout] } }
                """));
    engine.await(run, RunState.FAILED);
    assertThat(engine.calls().keys()).hasSize(1);
  }

  @Test
  void aSubWorkflowGivesItsOutputsAndItsFailure() {
    engine.deploy(
        """
        name: child
        inputs: { n: { type: integer } }
        nodes:
          pause: { wait: { for: 50ms } }
          double: { dependsOn: [pause], value: "${{ inputs.n * 2 }}" }
          check: { dependsOn: [double], value: "${{ 10 / (3 - inputs.n) }}" }
        outputs: { doubled: "${{ nodes.double.output }}" }
        """);
    String parent =
        """
        name: parent-%d
        nodes:
          call: { workflow: child, with: { n: %d } }
        outputs: { result: "${{ nodes.call.output.doubled }}" }
        """;
    RunId good = engine.open(engine.deploy(parent.formatted(2, 2)));
    RunId bad = engine.open(engine.deploy(parent.formatted(3, 3)));
    assertThat(engine.await(good, RunState.SUCCEEDED).outputs()).isEqualTo("{\"result\":4}");
    assertThat(engine.await(bad, RunState.FAILED).reason())
        .contains("node call failed: run ", "ended as FAILED: node check failed");
    RunId unknown =
        engine.open(engine.deploy("name: lost\nnodes:\n  call: { workflow: nowhere }\n"));
    assertThat(engine.await(unknown, RunState.FAILED).reason())
        .contains("there is no workflow nowhere");
  }

  @Test
  void workflowsThatCallEachOtherForEverFailAtTheTenthLevel() {
    engine.deploy("name: ping\nnodes:\n  call: { workflow: pong }\n");
    RunId run = engine.open(engine.deploy("name: pong\nnodes:\n  call: { workflow: ping }\n"));
    assertThat(engine.await(run, RunState.FAILED).reason()).contains("more than 10 levels");
    assertThat(engine.live()).isZero();
  }

  @Test
  void aRunThatCouldNeverGetTheSlotOfThoseAboveItIsNotOpened() {
    engine.deploy(
        """
        name: outer
        concurrency: { key: "${{ inputs.host + '%s' }}", limit: 1 }
        inputs: { host: { type: string, default: a } }
        nodes:
          call: { workflow: inner, with: { host: "${{ inputs.host }}" } }
        """
            .formatted("x".repeat(5_000)));
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: inner
                inputs: { host: { type: string, default: a } }
                nodes:
                  call: { workflow: outer, with: { host: "${{ inputs.host }}" } }
                """));
    assertThat(engine.await(run, RunState.FAILED).reason()).contains("hold its slots");
    assertThat(engine.live()).isZero();
  }

  @Test
  void nothingWaitsForAnAlertThatThereIsNot() {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: by-hand
                triggers: [ { alert: { match: {} } } ]
                nodes:
                  gone: { wait: { until: resolved, timeout: 1h } }
                """));
    assertThat(engine.await(run, RunState.FAILED).reason()).contains("no alert opened this run");
  }

  private void decide(RunId run, Signal.Kind kind) {
    Map<String, Object> data = Map.of("by", "ann", "comment", "because", "at", "now");
    engine.tell(new Signal(run, Optional.of(new NodeId("ask")), "", kind, data));
  }

  private static String delay(String name, String time) {
    return """
        name: %s
        nodes:
          pause: { wait: { for: %s } }
          after: { dependsOn: [pause], to: "direct:echo" }
        """
        .formatted(name, time);
  }

  private void makeDue() {
    database.jdbc().sql("update node_run set wake_at = now() where state = 'WAITING'").update();
    database.jdbc().sql("update run set wake_at = now() where state = 'WAITING'").update();
  }

  private int waiting() {
    return count("select count(*) from node_run where state = 'WAITING'");
  }

  private int signals() {
    return count("select count(*) from signal");
  }

  private int count(String sql) {
    return database.jdbc().sql(sql).query(Integer.class).single();
  }
}
