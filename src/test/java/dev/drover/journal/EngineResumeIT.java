package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.uuid.Generators;
import dev.drover.TestDatabase;
import dev.drover.name.NodeId;
import dev.drover.route.CountingListener;
import dev.drover.route.Engine;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.NodeState;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunQueries.RunView;
import dev.drover.run.RunState;
import dev.drover.run.Signal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever goes wrong beneath or within the engine: every run ends, and says why. */
class EngineResumeIT {
  private static final Logger LOG = LoggerFactory.getLogger(EngineResumeIT.class);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String HELD =
      """
      name: held
      nodes:
        first: { value: 1 }
        wait: { dependsOn: [first], to: "direct:hold" }
        last: { dependsOn: [wait], value: 2 }
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
  void runsInFlightOutliveADatabaseThatIsAwayForSomeSeconds() {
    DeployedWorkflow held = engine.deploy(HELD);
    List<RunId> runs = IntStream.range(0, 40).mapToObj(i -> engine.open(held)).toList();
    engine.calls().awaitCalls(40);
    database.goAway();
    engine.calls().letGo();
    await().pollDelay(Duration.ofSeconds(3)).atMost(SOON).until(() -> true);
    assertThat(engine.dispatcher().inFlight()).isEqualTo(40);
    database.comeBack();
    runs.forEach(run -> engine.await(run, RunState.SUCCEEDED));
    runs.forEach(run -> assertThat(engine.node(run, "wait").attempts()).isEqualTo(1));
    await().atMost(SOON).until(() -> engine.dispatcher().inFlight() == 0);
  }

  @Test
  void aTakeUpThatIsNoLongerValidWritesNothing() {
    DeployedWorkflow held = engine.deploy(HELD);
    RunId run = engine.open(held);
    engine.calls().awaitCalls(1);
    set(run, "epoch = epoch + 1, state = 'WAITING', owner = null");
    engine.calls().letGo();
    await().atMost(SOON).until(() -> engine.dispatcher().inFlight() == 0);
    assertThat(engine.node(run, "wait").state()).isEqualTo(NodeState.RUNNING);
    assertThat(engine.run(run).state()).isEqualTo(RunState.WAITING);

    set(run, "state = 'RUNNING'");
    engine.await(run, RunState.SUCCEEDED);
    assertThat(engine.node(run, "first").attempts()).isEqualTo(1);
    assertThat(engine.node(run, "wait").attempts()).isEqualTo(2);
    assertThat(
            database
                .jdbc()
                .sql("select state from attempt where run = :run order by number")
                .param("run", run.value())
                .query(String.class)
                .list())
        .containsExactly("FAILED", "SUCCEEDED");
  }

  @Test
  void whatIsInFlightWhenTheEngineClosesIsContinuedByTheNext() throws Exception {
    DeployedWorkflow held = engine.deploy(HELD);
    List<RunId> runs = IntStream.range(0, 10).mapToObj(i -> engine.open(held)).toList();
    engine.calls().awaitCalls(10);
    engine.close();
    runs.forEach(run -> assertThat(engine.run(run).state()).isEqualTo(RunState.RUNNING));
    CountingListener next = new CountingListener();
    engine = Engine.on(database.dataSource(), next);
    engine.calls().letGo();
    runs.forEach(run -> engine.await(run, RunState.SUCCEEDED));
    assertThat(next.takeUps()).isEqualTo(Collections.nCopies(10, RunEvent.TakeUp.TAKEN_OVER));
  }

  @Test
  void aRunThatWasParkedIsResumedAndNotTakenOverAlsoByAnotherServer() throws Exception {
    DeployedWorkflow asking =
        engine.deploy("name: ask\nnodes:\n  ask: { approval: { message: ok? } }\n");
    RunId run = engine.open(asking);
    engine.await(run, RunState.WAITING);
    engine.close();
    CountingListener next = new CountingListener();
    engine = Engine.on(database.dataSource(), next);
    Map<String, Object> by = Map.of("by", "ann", "at", "2026-01-01T00:00:00Z");
    NodeId ask = new NodeId("ask");
    engine.tell(new Signal(run, Optional.of(ask), "", Signal.Kind.APPROVED, by));
    engine.await(run, RunState.SUCCEEDED);
    engine.await(engine.open(asking), RunState.WAITING);
    assertThat(next.takeUps()).containsExactly(RunEvent.TakeUp.RESUMED, RunEvent.TakeUp.BEGUN);
  }

  @Test
  void aListenerThatThrowsChangesNoRun() throws Exception {
    try (Engine other = Engine.on(database.dataSource(), new Thrower())) {
      engine.dispatcher().close();
      RunId run = other.open(other.deploy("name: told\nnodes:\n  only: { value: 1 }\n"));
      other.await(run, RunState.SUCCEEDED);
      await().atMost(SOON).until(() -> other.dispatcher().inFlight() == 0);
    }
  }

  @Test
  void anErrorInAStepFailsItsNodeWithTheWholeChain() {
    RunId run = engine.open(engine.deploy("name: error\nnodes:\n  only: { to: 'direct:error' }\n"));
    RunView ended = engine.await(run, RunState.FAILED);
    assertThat(ended.reason()).startsWith("node only failed: ").contains("not so");
    assertThat(ended.error())
        .contains("not so", "java.lang.IllegalStateException: the cause")
        .contains("\"type\":", "\"causes\":[");
  }

  @Test
  void aFaultOfTheEngineEndsTheRunWithItsReason() throws Exception {
    DeployedWorkflow held = engine.deploy(HELD);
    RunId run = engine.open(held);
    engine.calls().awaitCalls(1);
    String route = held.id() + "/last";
    engine.camel().getRouteController().stopRoute(route, 1, TimeUnit.SECONDS);
    engine.camel().removeRoute(route);
    engine.calls().letGo();
    RunView ended = engine.await(run, RunState.FAILED);
    assertThat(ended.reason()).startsWith("the run could not go on: ").contains(route);
    assertThat(ended.error()).contains("DirectConsumerNotAvailableException");
    await().atMost(SOON).until(() -> engine.dispatcher().inFlight() == 0);
  }

  @Test
  void aVersionThatCannotBeDeployedEndsItsRunsAsFailed() {
    DeployedWorkflow good = engine.deploy("name: good\nnodes:\n  only: { value: 1 }\n");
    database
        .jdbc()
        .sql(
            "insert into workflow_version (project, workflow, version, content, hash)"
                + " values ('default', 'good', 7, 'name: good', 'x')")
        .update();
    RunId run = insert(good, 7, "'QUEUED'", "null");
    RunView ended = engine.await(run, RunState.FAILED);
    assertThat(ended.reason()).startsWith("the run could not go on: ").contains("nodes");
    assertThat(ended.error()).contains("NotDeployable");
  }

  @Test
  void aRunThatCannotBeReadKeepsNoOtherFromGoingOn() {
    DeployedWorkflow good = engine.deploy("name: good\nnodes:\n  only: { value: 1 }\n");
    String deep = "'" + "[".repeat(300) + "]".repeat(300) + "'";
    RunId bad = insert(good, 1, "'QUEUED'", deep);
    RunId other = insert(good, 1, "'QUEUED'", "'{}'");
    engine.dispatcher().wake();
    engine.await(other, RunState.SUCCEEDED);
    assertThat(engine.await(bad, RunState.FAILED).reason())
        .startsWith("the run could not be read from the journal");
  }

  @Test
  void anOutcomeThatTheJournalCannotStoreIsAFailureAndNotTriedForEver() {
    RunId nul = engine.open(engine.deploy("name: nul\nnodes:\n  only: { to: 'direct:nul' }\n"));
    RunView ended = engine.await(nul, RunState.FAILED);
    assertThat(ended.reason()).contains("a NUL: \u2400 in it");
    assertThat(engine.calls().keys()).hasSize(1);
    String nan = "name: nan\nnodes:\n  only: { value: '${{ 0.0 / 0.0 }}' }\n";
    assertThat(engine.await(engine.open(engine.deploy(nan)), RunState.FAILED).error()).isNotNull();
  }

  @Test
  void aThousandNodesInAChainAndAThousandBesideEachOtherEnd() {
    String chain =
        IntStream.range(1, 1_000)
            .mapToObj(i -> "  n%d: { dependsOn: [n%d], value: %d }\n".formatted(i, i - 1, i))
            .collect(Collectors.joining("", "name: chain\nnodes:\n  n0: { value: 0 }\n", ""));
    DeployedWorkflow longOne = engine.deploy(chain);
    List<String> names = IntStream.range(0, 1_000).mapToObj(i -> "w" + i).toList();
    String wide =
        names.stream()
            .map(n -> "  %s: { dependsOn: [root], value: 1 }\n".formatted(n))
            .collect(Collectors.joining("", "name: wide\nnodes:\n  root: { value: 0 }\n", ""));
    DeployedWorkflow wideOne =
        engine.deploy(
            wide + "  join: { dependsOn: [%s], value: 1 }\n".formatted(String.join(", ", names)));
    long begin = System.nanoTime();
    List<RunId> runs = Stream.of(longOne, longOne, wideOne, wideOne).map(engine::open).toList();
    runs.forEach(run -> engine.await(run, RunState.SUCCEEDED));
    LOG.info("4 runs in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
  }

  private RunId insert(DeployedWorkflow workflow, int version, String state, String trigger) {
    RunId run = new RunId(Generators.timeBasedEpochGenerator().generate());
    database
        .jdbc()
        .sql(
            "insert into run (id, project, workflow, version, dedupe_key, state, reason, trigger,"
                + " inputs) values (:id, 'default', :workflow, :version, :key, "
                + state
                + ", '', coalesce("
                + trigger
                + ", '{}')::json, '{}')")
        .param("id", run.value())
        .param("workflow", workflow.workflow().name().value())
        .param("version", version)
        .param("key", UUID.randomUUID().toString())
        .update();
    return run;
  }

  private void set(RunId run, String columns) {
    database
        .jdbc()
        .sql("update run set " + columns + " where id = :run")
        .param("run", run.value())
        .update();
  }

  private static final class Thrower implements RunListener {
    @Override
    public void on(RunEvent event) {
      if (event instanceof RunEvent.Ended) {
        throw new AssertionError("of a run");
      }
      throw new IllegalStateException("of " + event);
    }
  }
}
