package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every runtime on this host promises of warm agents, tried with real processes. */
abstract class WarmContract {
  static final Duration SOON = RuntimeContract.SOON;

  /** Counts the attempts that its process has served. */
  static final String COUNT = "i=$((i+1)); echo \"{\\\"output\\\":$i}\"";

  @TempDir Path folder;
  ExecutorService executor;
  AgentRuntime runtime;

  abstract AgentRuntime open(RuntimeSettings settings);

  @BeforeEach
  void openRuntime() {
    executor = Executors.newFixedThreadPool(3);
    runtime = open(settings(8));
  }

  RuntimeSettings settings(int maxConcurrent) {
    Secrets secrets = name -> Optional.of(RuntimeContract.TOKEN);
    return new RuntimeSettings(List.of(), List.of(), secrets, maxConcurrent, Clock.systemUTC());
  }

  @AfterEach
  void closeRuntime() {
    if (runtime != null) {
      runtime.close();
    }
    executor.shutdownNow();
  }

  /** A warm agent that does this for each line that it reads. */
  TestAgent agent(String... work) {
    return kept("warm: true", work);
  }

  TestAgent kept(String warm, String... work) {
    return TestAgent.in(folder, "sample")
        .with(warm)
        .script("i=0; while IFS= read -r line; do", String.join("\n", work), "done");
  }

  /** An attempt that was started, and its log. */
  record Started(RunningAttempt attempt, List<String> log) {
    AttemptResult end() {
      return RuntimeContract.end(attempt);
    }

    Object output() {
      return RuntimeContract.output(end());
    }

    Failed failed(FailureType type) {
      return RuntimeContract.failed(end(), type);
    }
  }

  Started start(AgentManifest manifest, Map<String, Object> input, Duration timeout, String share) {
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    LogSink sink =
        lines -> {
          lines.forEach(line -> log.add(line.number() + " " + line.text()));
          return CompletableFuture.completedFuture(null);
        };
    AttemptIdentity identity =
        new AttemptIdentity(
            "run-1", "node-1", 2, "run-1/node-1", Optional.of("00-ab-cd-01"), share);
    Path base = Path.of("").toAbsolutePath();
    AttemptRequest request = new AttemptRequest(manifest, input, base, timeout, identity, sink);
    return new Started(runtime.start(request), log);
  }

  Started start(AgentManifest manifest) {
    return start(manifest, Map.of(), SOON, "ops/sample");
  }

  @Test
  void oneProcessServesOneAttemptAfterTheOther() {
    AgentManifest manifest = agent(COUNT).read();

    for (long i = 1; i <= 20; i++) {
      Started started = start(manifest);
      assertThat(started.output()).isEqualTo(i);
      assertThat(started.end().runtime()).isEqualTo(runtime.name());
    }
  }

  @Test
  void theRequestTellsOfTheAttemptAndTheEnvironmentDoesNot() {
    AgentManifest manifest = agent("env >&2", "printf '{\"output\":%s}\\n' \"$line\"").read();

    Started started = start(manifest, Map.of("a", "ü\n", "b", List.of(1L)), SOON, "ops/sample");

    Map<String, Object> attempt =
        Map.of(
            "run", "run-1",
            "node", "node-1",
            "number", 2L,
            "idempotencyKey", "run-1/node-1",
            "traceparent", "00-ab-cd-01");
    assertThat(started.output())
        .isEqualTo(Map.of("attempt", attempt, "input", Map.of("a", "ü\n", "b", List.of(1L))));
    assertThat(String.join("\n", started.log))
        .contains(" DROVER_WARM=1", " HOME=/tmp")
        .doesNotContain("DROVER_RUN", "TRACEPARENT");
  }

  @Test
  void theLogBelongsToTheAttemptAndWhatComesAfterItsAnswerToNobody() {
    AgentManifest manifest =
        agent(
                "i=$((i+1)); echo begin $i >&2; seq -f \"$i-%.0f\" 500 >&2",
                "echo \"{\\\"output\\\":$i}\"", "echo late $i >&2; echo late $i >&2")
            .read();

    for (long i = 1; i <= 3; i++) {
      Started started = start(manifest);
      assertThat(started.output()).isEqualTo(i);
      assertThat(started.log).hasSizeBetween(501, 503).startsWith("1 begin " + i);
      assertThat(started.log.get(500)).isEqualTo("501 " + i + "-500");
      await().pollDelay(Duration.ofMillis(100)).atMost(SOON).until(() -> true); // it is late now
    }
  }

  @Test
  void logLinesAreSeenWhileTheAgentStillWorks() {
    AgentManifest manifest = agent("echo working >&2; sleep 60; " + COUNT).read();
    Started started = start(manifest);

    await().atMost(SOON).until(() -> started.log.contains("1 working"));
    assertThat(started.attempt.result()).isNotDone();
    started.attempt.cancel("seen enough");
    assertThat(((Cancelled) started.end()).reason()).isEqualTo("seen enough");
  }

  @Test
  void noTwoProjectsShareAProcess() {
    AgentManifest manifest = agent(COUNT).read();

    assertThat(start(manifest, Map.of(), SOON, "ops/one").output()).isEqualTo(1L);
    assertThat(start(manifest, Map.of(), SOON, "ops/two").output()).isEqualTo(2L);
    assertThat(start(manifest, Map.of(), SOON, "web/one").output()).isEqualTo(1L);
    assertThat(start(manifest, Map.of(), SOON, "").output()).isEqualTo(1L);
    assertThat(start(manifest, Map.of(), SOON, "ops/one").output()).isEqualTo(3L);
  }

  @Test
  void aProcessIsReplacedAfterSoManyAttempts() {
    AgentManifest manifest = kept("warm: { attempts: 2 }", COUNT).read();

    List<Object> outputs = IntStream.range(0, 5).mapToObj(i -> start(manifest).output()).toList();

    assertThat(outputs).containsExactly(1L, 2L, 1L, 2L, 1L);
  }

  @Test
  void anIdleProcessEndsAfterAWhileWithWhatItHasLeftInTheBackground() {
    String mark = RuntimeContract.mark();
    AgentManifest manifest =
        kept(
                "warm: { idle: 600ms }",
                "setsid sleep " + mark + " >/dev/null 2>&1 & sleep 0.3; " + COUNT)
            .read();

    assertThat(start(manifest).output()).isEqualTo(1L);
    assertThat(RuntimeContract.living(mark)).isPositive();

    await().atMost(SOON).until(() -> RuntimeContract.living(mark) == 0);
  }

  @Test
  void anAnswerWithAnExitCodeIsAFailureAndTheProcessIsReplaced() {
    AgentManifest manifest =
        agent(
                "i=$((i+1)); echo log $i >&2",
                "case $line in *busy*) echo '{\"exit\":75,\"message\":\"is busy\"}';;",
                "*broken*) echo '{\"exit\":3,\"message\":\"is broken\"}';;",
                "*) echo \"{\\\"output\\\":$i}\";; esac")
            .read();
    assertThat(start(manifest).output()).isEqualTo(1L);

    Failed busy =
        start(manifest, Map.of("a", "busy"), SOON, "ops/sample").failed(FailureType.TEMPORARY);
    assertThat(busy.temporary()).isTrue();
    assertThat(busy.exitCode()).isEqualTo(OptionalInt.of(75));
    assertThat(busy.message()).contains("is busy", "log 2").doesNotContain("log 1");
    assertThat(start(manifest).output()).isEqualTo(1L);
    Failed broken =
        start(manifest, Map.of("a", "broken"), SOON, "ops/sample").failed(FailureType.EXIT_CODE);
    assertThat(broken.exitCode()).isEqualTo(OptionalInt.of(3));
    assertThat(broken.message()).contains("exit code 3: is broken");
    assertThat(start(manifest).output()).isEqualTo(1L);
  }

  @Test
  void secretsAreMaskedInEveryAnswer() {
    AgentManifest leak =
        agent(
                "echo log $TOKEN >&2",
                "case $line in *fail*) echo"
                    + " \"{\\\"exit\\\":1,\\\"message\\\":\\\"<$TOKEN>\\\"}\";;",
                "*) echo \"{\\\"output\\\":\\\"<$TOKEN>\\\"}\";; esac")
            .with("env: { TOKEN: \"${{ secrets.TOKEN }}\" }")
            .read();

    Started started = start(leak);
    assertThat(started.output()).isEqualTo("<***>");
    assertThat(started.log).containsExactly("1 log ***");
    Failed failed = start(leak, Map.of("a", "fail"), SOON, "").failed(FailureType.EXIT_CODE);
    assertThat(failed.message()).contains("<***>").doesNotContain(RuntimeContract.TOKEN);
  }

  @Test
  void asManyProcessesAsAllowedServeAndWorkflowsTakeTurns() {
    AgentManifest slow =
        kept("warm: { processes: 2 }", "sleep 0.05; echo \"{\\\"output\\\":$$}\"").read();
    List<Started> storm =
        IntStream.range(0, 20).mapToObj(i -> start(slow, Map.of(), SOON, "ops/storm")).toList();

    Started other = start(slow, Map.of(), SOON, "ops/other");
    other.output();

    assertThat(storm).filteredOn(s -> s.attempt.result().isDone()).hasSizeLessThan(15);
    assertThat(storm.stream().map(Started::end).distinct().count()).isPositive();
  }

  @Test
  void forgottenProcessesEndButNotBeforeTheyHaveServed() {
    AgentManifest manifest = agent("echo up >&2; sleep 0.3", COUNT).read();
    assertThat(start(manifest).output()).isEqualTo(1L);
    Started serving = start(manifest);
    await().atMost(SOON).until(() -> !serving.log.isEmpty());

    runtime.forget(manifest.home());

    assertThat(serving.output()).isEqualTo(2L);
    assertThat(start(manifest).output()).isEqualTo(1L);
  }

  @Test
  void cancelReachesWhatRunsAndWhatWaits() {
    String mark = RuntimeContract.mark();
    AgentManifest slow = kept("warm: { processes: 1 }", "echo up >&2; sleep " + mark).read();
    Started first = start(slow);
    Started second = start(slow);
    await().atMost(SOON).until(() -> first.log.contains("1 up"));

    second.attempt.cancel("not needed");
    assertThat(second.end()).isInstanceOf(Cancelled.class);
    assertThat(first.attempt.result()).isNotDone();
    first.attempt.cancel("enough");

    assertThat(((Cancelled) first.end()).reason()).isEqualTo("enough");
    await().atMost(SOON).until(() -> RuntimeContract.living(mark) == 0);
  }

  @Test
  void closingEndsWhatServesWhatIsIdleAndWhatWaits() {
    String mark = RuntimeContract.mark();
    AgentManifest idle =
        TestAgent.in(folder, "idle")
            .with("warm: true")
            .command("[sh, run.sh, \"" + mark + "\"]")
            .script("while read -r line; do " + COUNT + "; done")
            .read();
    assertThat(start(idle).output()).isEqualTo(1L);
    AgentManifest slow = kept("warm: { processes: 2 }", "echo up >&2; sleep " + mark).read();
    List<Started> all = IntStream.range(0, 6).mapToObj(i -> start(slow)).toList();
    await().atMost(SOON).until(() -> all.stream().filter(s -> !s.log.isEmpty()).count() == 2);

    runtime.close();

    all.forEach(s -> assertThat(s.end()).isInstanceOf(Cancelled.class));
    await().atMost(SOON).until(() -> RuntimeContract.living(mark) == 0);
    assertThat(start(idle).end()).isInstanceOf(Cancelled.class);
  }
}
