package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.TestDatabase;
import dev.drover.name.NodeId;
import dev.drover.run.RunId;
import dev.drover.run.RunState;
import dev.drover.run.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node is told counts for what it waits for now, and not for what it waited for before. */
class RepeatedCallIT {
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
  void eachAttemptOfASubWorkflowHearsTheEndOfItsOwnRunAfterThePauseBetweenThem() {
    engine.deploy("name: child\nnodes:\n  try: { to: \"direct:boom\" }\n");
    long begin = System.nanoTime();
    RunId parent =
        engine.open(
            engine.deploy(
                """
                name: parent
                nodes:
                  slow: { wait: { for: 4s } }
                  call:
                    workflow: child
                    retry: { attempts: 3, delay: 1500ms, factor: 1, jitter: 0 }
                """));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> children(parent).equals(List.of("FAILED")));
    engine.deploy("name: child\nnodes:\n  try: { to: \"direct:echo\" }\n");

    engine.await(parent, RunState.SUCCEEDED);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1_500));
    assertThat(children(parent)).containsExactly("FAILED", "SUCCEEDED");
    assertThat(engine.node(parent, "call").attempts()).isEqualTo(2);
  }

  private List<String> children(RunId parent) {
    return database
        .jdbc()
        .sql("select state from run where parent_run = ? order by id")
        .param(parent.value())
        .query(String.class)
        .list();
  }

  @Test
  void anAnswerThatCameInTimeCountsHoweverLateItIsHeard() {
    RunId run =
        engine.open(
            engine.deploy(
                """
                name: asking
                nodes:
                  slow: { wait: { for: 2s } }
                  ask: { approval: { message: ok?, timeout: 1500ms } }
                """));
    engine.await(run, RunState.RUNNING);
    database
        .jdbc()
        .sql("select pg_sleep(greatest(0, extract(epoch from started_at - now()) + 1.4)) from run")
        .query((row, n) -> 0)
        .list();
    Map<String, Object> data = Map.of("by", "ann", "at", "now");
    engine.tell(new Signal(run, Optional.of(new NodeId("ask")), "", Signal.Kind.APPROVED, data));

    engine.await(run, RunState.SUCCEEDED);
    assertThat(engine.node(run, "ask").output()).contains("ann");
  }
}
