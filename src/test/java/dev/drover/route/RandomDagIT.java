package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TestDatabase;
import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hundreds of random graphs: every node ends as a naive executor says, and every run ends. */
class RandomDagIT {
  private static final long SEED = 20_261_121;
  private static final int BATCHES = 12;
  private static final int GRAPHS = 25;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private TestDatabase database;
  private final List<Started> started = new ArrayList<>();

  private record Started(RandomDag dag, RunId run) {}

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void everyNodeEndsAsTheReferenceExecutorSays() throws Exception {
    Random random = new Random(SEED);
    for (int batch = 0; batch < BATCHES; batch++) {
      try (Engine engine = Engine.on(database)) {
        startBatch(engine, random, batch);
        await().atMost(PATIENCE).until(() -> engine.live() == 0);
        compare(engine);
        engine.retire(); // the next engine need not deploy them
      }
    }
  }

  @Test
  void itEndsTheSameIfTheServerDiesOnTheWay() throws Exception {
    Random random = new Random(SEED + 1);
    CountingListener heard = new CountingListener();
    Engine engine = Engine.on(database.dataSource(), heard);
    for (int batch = 0; batch < 4; batch++) {
      int enough = heard.nodes() + random.nextInt(200);
      startBatch(engine, random, batch);
      Engine doomed = engine;
      await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1)) // a batch may take no more than 100 ms
          .until(() -> heard.nodes() >= enough || doomed.live() == 0);
      doomed.die();
      engine = Engine.on(database.dataSource(), heard);
    }
    try (Engine last = engine) {
      await().atMost(PATIENCE).until(() -> last.live() == 0);
      compare(last);
      assertThat(resumed()).as("runs that were taken up again").isPositive();
    }
  }

  @Test
  void nothingIsLeftOfVersionsWhoseRunsHaveEnded() throws Exception {
    Random random = new Random(SEED + 2);
    try (Engine engine = Engine.on(database)) {
      int routes = engine.routes();
      startBatch(engine, random, 0);
      await().atMost(PATIENCE).until(() -> engine.live() == 0);
      int endpoints = engine.endpoints();
      engine.retire();
      engine.removeDrained();
      assertThat(engine.routes()).isEqualTo(routes);
      assertThat(engine.endpoints()).isLessThan(10).isLessThan(endpoints);
    }
  }

  private void startBatch(Engine engine, Random random, int batch) {
    List<DeployedWorkflow> deployed = new ArrayList<>();
    List<RandomDag> dags = new ArrayList<>();
    for (int i = 0; i < GRAPHS; i++) {
      RandomDag dag = RandomDag.of("dag-" + batch + "-" + i, random);
      dags.add(dag);
      deployed.add(engine.deploy(dag.yaml()));
    }
    Map<RandomDag, CompletableFuture<RunId>> opening = new LinkedHashMap<>();
    for (int i = 0; i < GRAPHS; i++) {
      opening.put(dags.get(i), engine.opening(deployed.get(i), Map.of()));
    }
    opening.forEach((dag, run) -> started.add(new Started(dag, run.join())));
  }

  private void compare(Engine engine) {
    for (Started s : started) {
      Map<NodeId, NodeState> expected = new HashMap<>();
      s.dag.expected().forEach((id, state) -> expected.put(new NodeId(id), state));
      assertThat(engine.states(s.run)).as("seed %s%n%s", SEED, s.dag.yaml()).isEqualTo(expected);
      var run = engine.run(s.run);
      assertThat(run.state()).as(s.dag.yaml()).isEqualTo(s.dag.expectedRun());
      assertThat(run.reason()).isNotBlank();
      if (run.error() != null) {
        assertThat(Json.asObject(Json.parseTrusted(run.error())))
            .containsKeys("type", "message", "causes");
      }
    }
    started.clear();
  }

  private int resumed() {
    return database
        .jdbc()
        .sql("select count(*) from run where epoch > 1")
        .query(Integer.class)
        .single();
  }
}
