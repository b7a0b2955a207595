package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.TestDatabase;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import dev.drover.run.RunState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two engines on one database: each run is one's at a time, and nobody's for long. */
class ReplicasIT {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final String HELD =
      """
      name: held
      nodes:
        first: { value: 1 }
        call: { dependsOn: [first], to: "direct:hold" }
        last: { dependsOn: [call], value: 2 }
      """;

  private TestDatabase database;
  private Engine one;
  private Engine two;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create();
    Engine.Options options = new Engine.Options(100, LEASE, new CountingListener());
    one = Engine.on(database.dataSource(), options);
    two = Engine.on(database.dataSource(), options);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    database.close();
  }

  @Test
  void theRunsOfOneThatDiesAreTakenUpByTheOtherWhenItsLeaseHasRunOut() {
    List<RunId> runs = openTen();
    long died = System.nanoTime();
    one.die();
    two.calls().awaitCalls(10);
    Duration took = Duration.ofNanos(System.nanoTime() - died);
    assertThat(took).isBetween(LEASE.minusSeconds(2), LEASE.plusSeconds(5));
    two.calls().letGo();
    runs.forEach(run -> two.await(run, RunState.SUCCEEDED));
    assertThat(runs.stream().map(run -> two.node(run, "first").attempts()).distinct())
        .containsExactly(1);
  }

  @Test
  void theRunsOfOneThatClosesAreTakenUpAtOnce() {
    List<RunId> runs = openTen();
    long closed = System.nanoTime();
    one.close();
    long handedOver = System.nanoTime();
    two.calls().awaitCalls(10);
    assertThat(Duration.ofNanos(System.nanoTime() - handedOver)).isLessThan(LEASE.minusSeconds(1));
    assertThat(handedOver).isGreaterThan(closed);
    two.calls().letGo();
    runs.forEach(run -> two.await(run, RunState.SUCCEEDED));
  }

  @Test
  void aServerThatWasTakenForDeadWritesNothingAndBeginsAnew() {
    List<RunId> runs = openTen();
    // As if it had stood still: the other buries it, and it learns of that when it comes back.
    database.jdbc().sql("delete from server where id in (select owner from run)").update();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> one.calls().keys().size() + two.calls().keys().size() >= 20);
    one.calls().letGo();
    two.calls().letGo();
    runs.forEach(run -> two.await(run, RunState.SUCCEEDED));
    assertThat(
            database
                .jdbc()
                .sql("select count(*) from attempt where state = 'SUCCEEDED'")
                .query(Integer.class)
                .single())
        .isEqualTo(10);
    assertThat(database.jdbc().sql("select count(*) from server").query(Integer.class).single())
        .isEqualTo(2);
  }

  @Test
  void slotsHoldAcrossServersAndNoneIsLostWithOne() {
    DeployedWorkflow slotted =
        one.deploy(
            """
            name: slotted
            concurrency: { limit: 3 }
            nodes:
              only: { to: "direct:hold" }
            """);
    List<RunId> runs = IntStream.range(0, 9).mapToObj(i -> one.open(slotted)).toList();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> one.calls().keys().size() + two.calls().keys().size() == 3);
    one.die();
    two.calls().letGo();
    runs.forEach(run -> two.await(run, RunState.SUCCEEDED));
  }

  @Test
  void manyRunsOpenedOnBothEndOnce() {
    DeployedWorkflow simple =
        one.deploy("name: simple\nnodes:\n  a: { to: 'direct:echo' }\n  b: { value: 1 }\n");
    List<RunId> runs =
        IntStream.range(0, 400).mapToObj(i -> (i % 2 == 0 ? one : two).open(simple)).toList();
    runs.forEach(run -> two.await(run, RunState.SUCCEEDED));
    assertThat(one.calls().keys().size() + two.calls().keys().size()).isEqualTo(400);
  }

  private List<RunId> openTen() {
    DeployedWorkflow held = one.deploy(HELD);
    List<RunId> runs = IntStream.range(0, 10).mapToObj(i -> one.open(held, Map.of())).toList();
    one.calls().awaitCalls(10);
    return runs;
  }
}
