package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.TestDatabase;
import dev.drover.name.NodeId;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import dev.drover.run.RunState;
import dev.drover.run.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cancel, timeout, undo, items and slots. */
class StoppingIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String UNDONE =
      """
      name: undone
      nodes:
        one: { value: 1, undo: { to: "direct:echo", with: { back: "${{ nodes.one.output }}" } } }
        two:
          dependsOn: [one]
          to: "direct:echo"
          undo: { to: "direct:boom" }
        three: { dependsOn: [two], value: 3, undo: { to: "direct:echo" } }
        last: { dependsOn: [three], to: "%s" }
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
  void aCancelStopsWhatRunsAndWhatWaitsAndBeginsNothing() {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: long
                nodes:
                  slow: { to: "direct:hold" }
                  ask: { approval: { message: ok? } }
                  after: { dependsOn: [slow, ask], to: "direct:echo" }
                """));
    engine.calls().awaitCalls(1);
    cancel(run);
    assertThat(engine.await(run, RunState.CANCELLED).reason())
        .isEqualTo("cancelled: enough (by ann) (nodes: 3 cancelled)");
    assertThat(engine.calls().keys()).hasSize(1);
    assertThat(engine.live()).isZero();
    assertThat(count("select count(*) from signal")).isZero();
  }

  @Test
  void aCancelReachesRunsThatWaitThatAreQueuedAndTheirSubWorkflows() {
    engine.deploy("name: child\nnodes:\n  ask: { approval: { message: ok? } }\n");
    RunId parent =
        engine.open(engine.deploy("name: parent\nnodes:\n  call: { workflow: child }\n"));
    engine.await(parent, RunState.WAITING);
    Awaitility.await()
        .atMost(SOON)
        .until(() -> count("select count(*) from run where state = 'WAITING'") == 2);
    cancel(parent);
    engine.await(parent, RunState.CANCELLED);
    Awaitility.await().atMost(SOON).until(() -> engine.live() == 0);
    assertThat(count("select count(*) from run where state = 'CANCELLED'")).isEqualTo(2);

    database.jdbc().sql("update workflow set paused = true").update();
    RunId queued = engine.open(engine.deploy("name: child\nnodes:\n  ask: { value: 1 }\n"));
    assertThat(engine.run(queued).state()).isEqualTo(RunState.QUEUED);
    cancel(queued);
    assertThat(engine.run(queued).state()).isEqualTo(RunState.CANCELLED);
  }

  @Test
  void aTimeoutEndsARunWhetherItWorksOrWaits() {
    String text =
        """
        name: %s
        timeout: 500ms
        nodes:
          only: { %s }
        """;
    RunId works = engine.open(engine.deploy(text.formatted("works", "to: 'direct:hold'")));
    RunId waits = engine.open(engine.deploy(text.formatted("waits", "approval: { message: ok? }")));
    for (RunId run : List.of(works, waits)) {
      assertThat(engine.await(run, RunState.TIMED_OUT).reason())
          .startsWith("it took longer than its timeout of 500ms");
    }
  }

  @Test
  void aTimeoutHoldsAcrossACrash() throws Exception {
    RunId run =
        engine.open(
            engine.deploy("name: slow\ntimeout: 20s\nnodes:\n  only: { to: 'direct:hold' }\n"));
    engine.calls().awaitCalls(1);
    engine.die();
    database.jdbc().sql("update run set started_at = now() - interval '1 hour'").update();
    engine = Engine.on(database);
    engine.await(run, RunState.TIMED_OUT);
    assertThat(engine.calls().keys()).isEmpty();
  }

  @Test
  void whatSucceededIsUndoneInReverseOrderAndFailuresOfThatAreShown() {
    RunId run = engine.open(engine.deploy(UNDONE.formatted("direct:boom")));
    assertThat(engine.await(run, RunState.FAILED).reason())
        .startsWith("node last failed: boom")
        .endsWith("could not be undone: two/undo");
    assertThat(engine.calls().keys())
        .containsExactly(
            run + "/two", run + "/last", run + "/three/undo", run + "/two/undo", run + "/one/undo");
    assertThat(engine.allStates(run))
        .containsEntry(NodeItem.of(new NodeId("two")).undo(), NodeState.FAILED)
        .containsEntry(NodeItem.of(new NodeId("one")).undo(), NodeState.SUCCEEDED);
  }

  @Test
  void aCancelledRunIsUndoneAndASucceededOneIsNot() {
    RunId good = engine.open(engine.deploy(UNDONE.formatted("direct:echo")));
    engine.await(good, RunState.SUCCEEDED);
    assertThat(engine.calls().keys()).hasSize(2);
    RunId cancelled = engine.open(engine.deploy(UNDONE.formatted("direct:hold")));
    engine.calls().awaitCalls(4);
    cancel(cancelled);
    engine.await(cancelled, RunState.CANCELLED);
    assertThat(engine.calls().keys())
        .endsWith(cancelled + "/three/undo", cancelled + "/two/undo", cancelled + "/one/undo");
  }

  @Test
  void undoingGoesOnAfterACrashAndUndoesNothingTwice() throws Exception {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: twice
                nodes:
                  one: { value: 1, undo: { to: "direct:hold" } }
                  two: { dependsOn: [one], value: 2, undo: { to: "direct:echo" } }
                  last: { dependsOn: [two], to: "direct:boom" }
                """));
    engine.calls().awaitCalls(3);
    assertThat(engine.calls().keys())
        .containsExactly(run + "/last", run + "/two/undo", run + "/one/undo");
    engine.die();
    engine = Engine.on(database);
    engine.calls().letGo();
    engine.await(run, RunState.FAILED);
    assertThat(engine.calls().keys()).containsExactly(run + "/one/undo");
  }

  @Test
  void itemsAreDoneAFewAtATimeWithKeysOfTheirOwnAndUndoneOneByOne() {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: each
                nodes:
                  list: { value: [a, b, c] }
                  visit:
                    dependsOn: [list]
                    forEach: "${{ nodes.list.output }}"
                    maxParallel: 2
                    to: "direct:third"
                    retry: { attempts: 3, delay: 1ms }
                    with: { item: "${{ item }}", index: "${{ index }}" }
                    undo: { to: "direct:echo", with: "${{ nodes.visit.output }}" }
                  sum: { dependsOn: [visit], value: "${{ size(nodes.visit.output) }}" }
                  last: { dependsOn: [sum], to: "direct:boom" }
                """));
    engine.await(run, RunState.FAILED);
    assertThat(engine.node(run, "visit").output())
        .isEqualTo(
            "[{\"item\":\"a\",\"index\":0},{\"item\":\"b\",\"index\":1},{\"item\":\"c\",\"index\":2}]");
    assertThat(engine.node(run, "sum").output()).isEqualTo("3");
    for (int i = 0; i < 3; i++) {
      assertThat(engine.calls().count("visit/" + i)).isEqualTo(3);
      assertThat(engine.calls().count("visit/" + i + "/undo")).isEqualTo(1);
    }
  }

  @Test
  void itemsThatWaitParkTheRunAndThoseThatAreDoneAreNotDoneAgain() throws Exception {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: parked
                nodes:
                  visit:
                    forEach: [1, 2, 3]
                    to: "direct:third"
                    retry: { attempts: 3, delay: 1h, maxDelay: 1h }
                """));
    engine.await(run, RunState.WAITING);
    for (int attempt = 2; attempt <= 3; attempt++) {
      engine.await(run, RunState.WAITING);
      engine.die();
      database.jdbc().sql("update node_run set wake_at = now() where state = 'WAITING'").update();
      database.jdbc().sql("update run set wake_at = now() where state = 'WAITING'").update();
      engine = Engine.on(database);
      engine.calls().awaitCalls(3);
    }
    engine.await(run, RunState.SUCCEEDED);
    assertThat(count("select count(*) from attempt")).isEqualTo(9);
  }

  @Test
  void emptyListsAndThingsThatAreNoListsAreSettled() {
    String text =
        """
        name: %s
        nodes:
          list: { value: %s }
          visit: { dependsOn: [list], forEach: "${{ nodes.list.output }}", value: "${{ item }}" }
        """;
    RunId none = engine.open(engine.deploy(text.formatted("none", "[]")));
    RunId odd = engine.open(engine.deploy(text.formatted("odd", "{ a: 1 }")));
    engine.await(none, RunState.SUCCEEDED);
    assertThat(engine.node(none, "visit").output()).isEqualTo("[]");
    assertThat(engine.await(odd, RunState.FAILED).reason()).contains("forEach needs a list");
  }

  @Test
  void slotsAreNeverHeldByMoreThanTheirLimit() {
    var slotted =
        engine.deploy(
            """
            name: slotted
            concurrency: { key: "${{ inputs.host }}", limit: 2, overflow: queue }
            inputs: { host: { type: string } }
            nodes:
              first: { wait: { for: 100ms } }
              only: { dependsOn: [first], to: "direct:hold" }
            """);
    List<RunId> runs =
        IntStream.range(0, 10)
            .mapToObj(i -> engine.open(slotted, Map.of("host", i % 2 == 0 ? "a" : "b")))
            .toList();
    engine.calls().awaitCalls(4);
    Awaitility.await().pollDelay(Duration.ofSeconds(3)).atMost(SOON).until(() -> true);
    assertThat(engine.calls().keys()).hasSize(4);
    assertThat(count("select count(*) from run where state = 'QUEUED'")).isEqualTo(6);
    engine.calls().letGo();
    runs.forEach(run -> engine.await(run, RunState.SUCCEEDED));
  }

  @Test
  void overflowsAreDroppedOrReplaceTheOldest() {
    String text =
        """
        name: %s
        concurrency: { limit: 1, overflow: %s }
        nodes:
          only: { to: "direct:hold" }
        """;
    var drop = engine.deploy(text.formatted("drop", "drop"));
    RunId kept = engine.open(drop);
    engine.await(kept, RunState.RUNNING);
    assertThat(engine.await(engine.open(drop), RunState.CANCELLED).reason())
        .contains("its slots were taken");
    var replace = engine.deploy(text.formatted("replace", "replace"));
    RunId old = engine.open(replace);
    engine.await(old, RunState.RUNNING);
    RunId newer = engine.open(replace);
    assertThat(engine.await(old, RunState.CANCELLED).reason()).contains("replaced by a newer run");
    engine.await(newer, RunState.RUNNING);
    engine.calls().letGo();
    engine.await(newer, RunState.SUCCEEDED);
    engine.await(kept, RunState.SUCCEEDED);
  }

  private void cancel(RunId run) {
    engine.tell(Signal.toRun(run, Signal.Kind.CANCEL, Map.of("reason", "enough", "by", "ann")));
  }

  private int count(String sql) {
    return database.jdbc().sql(sql).query(Integer.class).single();
  }
}
