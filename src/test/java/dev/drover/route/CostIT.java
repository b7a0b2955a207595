package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.TestDatabase;
import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.Attempted;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.Failure;
import dev.drover.run.Journal;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeOutcome;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import dev.drover.run.RunState;
import dev.drover.run.Signal;
import dev.drover.run.Usage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every attempt is paid for once, whatever became of it, and none is begun that can't be paid. */
class CostIT {
  @TempDir private Path folder;
  private final TestDatabase database = TestDatabase.create();
  private PricedAgents agents;
  private Engine engine;

  @BeforeEach
  void start() throws Exception {
    agents =
        new PricedAgents(folder)
            .with("tenth", "perAttempt: 0.1", "echo '{}'")
            .with("timed", "perMinute: 6", "sleep 0.2; echo '{}'")
            .with("free", "perAttempt: 0", "echo '{}'")
            .with("failing", "perAttempt: 0.1", "exit 3")
            .with("slow", "perMinute: 60, perAttempt: 1", "touch $BEGAN; exec sleep 20");
    engine = engine(Engine.Options.USUAL);
  }

  @AfterEach
  void stop() {
    engine.close();
    database.close();
  }

  /** It knows the agents before it takes any run up. */
  private Engine engine(Engine.Options options) throws Exception {
    return agents.register(new Engine(database.dataSource(), options)).start();
  }

  private RunId run(String yaml, RunState end) {
    RunId run = engine.open(engine.deploy(yaml));
    engine.await(run, end);
    return run;
  }

  private RunId runBeside(String other, String yaml) {
    engine.deploy(other);
    return run(yaml, RunState.FAILED);
  }

  private BigDecimal amount(String sql) {
    return database.jdbc().sql("select " + sql).query(BigDecimal.class).single();
  }

  private Failure failure(RunId run, String node) {
    String error = String.valueOf(engine.node(run, node).error());
    return Failure.fromJson(Json.asObject(Json.parseTrusted(error)));
  }

  /** What is shown of runs and days is what the attempts say. */
  private void sumsAgree() {
    assertThat(amount("(select sum(cost) from daily_cost)"))
        .isEqualByComparingTo(amount("(select sum(cost) from run_cost)"))
        .isEqualByComparingTo(amount("(select sum(cost) from attempt)"));
    assertThat(amount("(select sum(execution_ms) from daily_cost)"))
        .isEqualByComparingTo(amount("(select sum(execution_ms) from run_cost)"))
        .isEqualByComparingTo(amount("(select sum(execution_ms) from attempt)"));
    assertThat(amount("(select sum(attempts) from daily_cost)"))
        .isEqualByComparingTo(amount("(select sum(attempts) from run_cost)"))
        .isEqualByComparingTo(amount("(select count(*) from attempt where agent is not null)"));
  }

  @Test
  void retriesItemsFailuresAndUndoingAllCount() {
    RunId run =
        run(
            """
            name: all
            nodes:
              items:
                forEach: [1, 2, 3]
                agent: tenth
                undo: { agent: tenth }
              value: { value: 1 }
              time: { agent: timed }
              retried: { dependsOn: [items, time], agent: failing, retry: { attempts: 3, delay: 10ms } }
            """,
            RunState.FAILED);

    Duration slept = engine.node(run, "time").usage().executed();
    assertThat(slept).isBetween(Duration.ofMillis(200), Duration.ofSeconds(10));
    BigDecimal time = BigDecimal.valueOf(slept.toMillis(), 4); // 6 a minute are 0.1 a second
    assertThat(engine.node(run, "time").usage().cost()).isEqualByComparingTo(time);
    assertThat(engine.node(run, "retried").usage().cost()).isEqualByComparingTo("0.3");
    assertThat(engine.run(run).usage().cost())
        .isEqualByComparingTo(time.add(new BigDecimal("0.9")));
    assertThat(amount("(select attempts from run_cost)")).isEqualByComparingTo("10");
    sumsAgree();
  }

  @Test
  void whatIsCancelledOrTakesTooLongCostsItsTime() throws Exception {
    RunId timedOut =
        run("{name: late, nodes: {a: {agent: slow, timeout: 500ms}}}", RunState.FAILED);
    agents.awaitBegun("slow");
    assertThat(engine.run(timedOut).usage().cost())
        .isBetween(new BigDecimal("1.5"), new BigDecimal("8"));

    RunId cancelled = engine.open(engine.deploy("{name: stopped, nodes: {a: {agent: slow}}}"));
    agents.awaitBegun("slow");
    engine.tell(Signal.toRun(cancelled, Signal.Kind.CANCEL, Map.of()));
    engine.dispatcher().listen();
    engine.await(cancelled, RunState.CANCELLED);
    assertThat(engine.run(cancelled).usage().cost())
        .isBetween(new BigDecimal("1"), new BigDecimal("8"));
    sumsAgree();
  }

  @Test
  void aRunThatHasSpentItsBudgetBeginsNothingThatCosts() {
    RunId run =
        runBeside(
            "{name: other, nodes: {a: {agent: tenth}}}",
            """
            name: per-run
            budget: { perRun: 0.15 }
            nodes:
              one: { agent: tenth, undo: { agent: tenth } }
              two: { dependsOn: [one], agent: tenth }
              three: { dependsOn: [two], agent: tenth, retry: 3 }
              told: { dependsOn: [three], runIf: any-failed, agent: free }
              child: { dependsOn: [three], runIf: all-done, workflow: other }
            """);

    assertThat(failure(run, "three").type()).isEqualTo(Failure.BUDGET_EXCEEDED);
    assertThat(engine.node(run, "three").attempts()).isZero();
    assertThat(engine.run(run).reason())
        .startsWith(
            "node three failed: the workflow's budget per run, 0.15, is spent: this run has cost 0.2");
    assertThat(engine.states(run).values())
        .containsExactlyInAnyOrder(
            NodeState.SUCCEEDED,
            NodeState.SUCCEEDED,
            NodeState.FAILED,
            NodeState.SUCCEEDED,
            NodeState.SUCCEEDED);
    assertThat(engine.allStates(run))
        .containsEntry(NodeItem.of(new NodeId("one")).undo(), NodeState.SUCCEEDED);
    assertThat(engine.run(run).usage().cost()).as("with the undoing").isEqualByComparingTo("0.3");
    sumsAgree();
  }

  @Test
  void serversShareTheBudgetOfADay() throws Exception {
    String yaml = "{name: day, budget: {perDay: 0.5}, nodes: {a: {agent: tenth}}}";
    DeployedWorkflow day = engine.deploy(yaml);
    try (Engine other = engine(Engine.Options.USUAL)) {
      List<Engine> turns = List.of(engine, other, engine, other, other);
      for (Engine one : turns) {
        one.await(one.open(day), RunState.SUCCEEDED);
      }
      for (Engine one : List.of(engine, other)) {
        RunId run = one.open(day);
        one.await(run, RunState.FAILED);
        assertThat(failure(run, "a").message())
            .startsWith("the workflow's budget per day, 0.5, is spent: its runs have cost 0.5 on ");
        assertThat(one.run(run).usage().cost()).isEqualByComparingTo("0");
      }
    }
    assertThat(amount("(select count(distinct server) from daily_cost)")).isEqualByComparingTo("2");
    sumsAgree();

    database.jdbc().sql("update daily_cost set day = day - 1").update();
    engine.await(engine.open(day), RunState.SUCCEEDED);
  }

  @Test
  void anAttemptThatADyingServerCutOffIsPaidOnceAndForNoLongerThanItMayTake() throws Exception {
    engine.close();
    engine = engine(new Engine.Options(9, Duration.ofSeconds(2), new CountingListener()));
    RunId run =
        engine.open(
            engine.deploy(
                "{name: cut, budget: {perRun: 1000}, nodes: {a: {agent: slow, timeout: 700ms}}}"));
    agents.awaitBegun("slow");
    engine.die();
    CountingListener heard = new CountingListener();
    engine = engine(Engine.Options.USUAL.telling(heard));
    engine.await(run, RunState.FAILED);

    assertThat(engine.node(run, "a").attempts()).isEqualTo(2);
    List<BigDecimal> costs =
        database
            .jdbc()
            .sql("select cost from attempt order by number")
            .query(BigDecimal.class)
            .list();
    assertThat(costs).hasSize(2);
    assertThat(costs.get(0)).isEqualByComparingTo("1.7");
    assertThat(costs.get(1)).isBetween(new BigDecimal("1.7"), new BigDecimal("8"));
    assertThat(engine.run(run).usage().cost())
        .isEqualByComparingTo(costs.get(0).add(costs.get(1)))
        .isEqualByComparingTo(heard.cost());
    sumsAgree();
  }

  @Test
  void whatAFaultOfTheEngineLeavesRunningIsPaidUntilThen() throws Exception {
    DeployedWorkflow fault =
        engine.deploy(
            "{name: fault, nodes: {a: {agent: slow}, b: {to: 'direct:hold'},"
                + " c: {dependsOn: [b], value: 1}}}");
    RunId run = engine.open(fault);
    agents.awaitBegun("slow");
    engine.calls().awaitCalls(1);
    String route = fault.id() + "/c";
    engine.camel().getRouteController().stopRoute(route, 1, TimeUnit.SECONDS);
    engine.camel().removeRoute(route);
    engine.calls().letGo();
    engine.await(run, RunState.FAILED);
    assertThat(engine.run(run).usage().cost()).isBetween(new BigDecimal("1"), new BigDecimal("20"));
    sumsAgree();
  }

  @Test
  void anEndThatIsWrittenTwiceIsBookedOnce() {
    RunId run = engine.open(engine.deploy("{name: held, nodes: {a: {to: 'direct:hold'}}}"));
    engine.calls().awaitCalls(1);
    NodeItem item = NodeItem.of(new NodeId("a"), 0);
    Instant now = Instant.now();
    Journal.Terms terms =
        new Journal.Terms("tenth", BigDecimal.ZERO, BigDecimal.ONE, Duration.ofSeconds(9));
    engine
        .journal()
        .start(new Journal.AttemptStart(run, 1, item, 1, "process", Optional.of(terms), now))
        .join();
    Usage usage = new Usage(Duration.ofSeconds(2), new BigDecimal("5"));
    Attempted attempted =
        new Attempted(
            Optional.empty(),
            "tenth",
            "process",
            NodeState.SUCCEEDED,
            Optional.empty(),
            usage,
            new Attempted.Times(now, now));
    Journal.NodeSettled settled =
        new Journal.NodeSettled(
            run,
            1,
            item,
            new NodeOutcome.Succeeded(1L),
            1,
            Optional.of(Journal.AttemptEnd.of(1, Optional.of(0), attempted)),
            false,
            Optional.of(now),
            now);
    Stream.of(1, 2, 3).forEach(i -> engine.journal().settle(settled).join());

    assertThat(engine.run(run).usage()).isEqualTo(usage);
    sumsAgree();
    engine.calls().letGo();
  }
}
