package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.AttemptResult.Succeeded;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Warm agents that do not keep to the rules, on top of what is promised of those that do. */
abstract class HostileWarmContract extends WarmContract {
  @Test
  void whoEndsWithoutAnAnswerFailsWithItsExitCode() {
    Failed exit = start(agent("echo why >&2; exit 3").read()).failed(FailureType.EXIT_CODE);
    assertThat(exit.exitCode()).isEqualTo(OptionalInt.of(3));
    assertThat(exit.message()).contains("exit code 3", "why");

    Failed none = start(agent("exit 0").read()).failed(FailureType.PROTOCOL);
    assertThat(none.message()).contains("no answer");
    start(agent("exit 75").read()).failed(FailureType.TEMPORARY);
    start(agent("kill -SEGV $$").read()).failed(FailureType.EXIT_CODE);
  }

  @Test
  void whoDoesNotEvenBeginToReadFailsToo() {
    TestAgent cold = TestAgent.in(folder, "sample").with("warm: true");

    Map<String, Object> large = Map.of("a", "x".repeat(1 << 20));
    AgentManifest gone = cold.script("echo no >&2; exit 4").read();
    Failed failed = start(gone, large, SOON, "").failed(FailureType.EXIT_CODE);
    assertThat(failed.message()).contains("exit code 4", "no");
    start(cold.command("[no-such-command]").read()).failed(FailureType.START_FAILED);
  }

  @Test
  void anAnswerThatCannotBeReadIsAFailureWithTheReason() {
    Map<String, FailureType> answers =
        Map.of(
            "oops", FailureType.OUTPUT_NOT_JSON,
            "", FailureType.OUTPUT_NOT_JSON,
            "[1]", FailureType.PROTOCOL,
            "{}", FailureType.PROTOCOL,
            "{\"output\":1,\"exit\":1}", FailureType.PROTOCOL,
            "{\"exit\":0}", FailureType.PROTOCOL,
            "{\"exit\":\"1\"}", FailureType.PROTOCOL,
            "{\"output\":\"text\"}", FailureType.OUTPUT_INVALID);
    answers.forEach(
        (answer, type) -> {
          TestAgent agent = agent("echo '" + answer + "'").with("output: { type: integer }");
          assertThat(start(agent.read()).failed(type).message()).isNotBlank();
        });
  }

  @Test
  void whoAnswersTwiceIsNotAskedAgain() {
    AgentManifest manifest = agent(COUNT, "echo '{\"output\":\"more\"}'").read();

    for (int i = 0; i < 3; i++) {
      assertThat(start(manifest).output()).isIn(1L, 2L);
      await().pollDelay(Duration.ofMillis(60)).atMost(SOON).until(() -> true);
    }
  }

  @Test
  void whoWritesWithoutBeingAskedIsReplaced() {
    AgentManifest manifest = agent(COUNT, "(sleep 0.1; echo '{\"output\":\"more\"}') &").read();

    assertThat(start(manifest).output()).isEqualTo(1L);
    await().pollDelay(Duration.ofMillis(300)).atMost(SOON).until(() -> true);
    assertThat(start(manifest).output()).isEqualTo(1L);
  }

  @Test
  void whoHasEndedMeanwhileIsReplacedUnnoticed() {
    String mark = RuntimeContract.mark();
    AgentManifest manifest = agent(COUNT, "exec sleep 0.2 # " + mark).read();

    for (int i = 0; i < 2; i++) {
      assertThat(start(manifest).output()).isEqualTo(1L);
      await().pollDelay(Duration.ofMillis(350)).atMost(SOON).until(() -> true);
    }
  }

  @Test
  void whoNeverAnswersIsEndedAtTheTimeLimit() {
    String mark = RuntimeContract.mark();
    AgentManifest manifest = agent("sleep " + mark).read();

    Failed late = start(manifest, Map.of(), Duration.ofMillis(400), "").failed(FailureType.TIMEOUT);

    assertThat(late.message()).contains("did not answer", "0.4s");
    assertThat(late.duration()).isLessThan(Duration.ofSeconds(3));
    await().atMost(SOON).until(() -> RuntimeContract.living(mark) == 0);
  }

  @Test
  void anEndlessLineIsEndedAndALargeOneIsTaken() {
    AgentManifest large =
        agent("printf '{\"output\":\"'; head -c 1048574 /dev/zero | tr '\\0' x; echo '\"}'").read();
    assertThat((String) start(large).output()).hasSize(1048574);
    runtime.forget(large.home());

    Failed endless =
        start(agent("tr '\\0' x </dev/zero").read()).failed(FailureType.OUTPUT_TOO_LARGE);
    assertThat(endless.message()).contains("1 MiB");
  }

  @Test
  void aRequestThatNobodyReadsHoldsUpNobodyElse() {
    TestAgent deaf = TestAgent.in(folder, "deaf").with("warm: true").script("sleep 60");
    Map<String, Object> large = Map.of("a", "x".repeat(3 << 20));
    Started stuck = start(deaf.read(), large, Duration.ofSeconds(1), "");

    AgentManifest reading =
        agent("printf '{\"output\":%s}\\n' ${#line}").read(); // characters, as dash counts
    Started heard = start(reading, Map.of("a", "x".repeat(200_000)), SOON, "");

    assertThat((Long) heard.output()).isBetween(200_000L, 200_200L);
    stuck.failed(FailureType.TIMEOUT);
  }

  @Test
  void tooMuchMemoryIsTheFaultOfTheAttemptThatTakesIt() {
    AgentManifest hog =
        agent("case $line in *hog*) tail -n 1 </dev/zero;; esac", COUNT)
            .with("resources: { memory: 128Mi, pids: 16 }")
            .read();
    for (long i = 1; i <= 3; i++) {
      assertThat(start(hog).output()).isEqualTo(i);
    }

    start(hog, Map.of("a", "hog"), SOON, "ops/sample").failed(FailureType.MEMORY);

    assertThat(start(hog).output()).isEqualTo(1L);
  }

  @Test
  void whoTakesTooMuchLaterIsReplaced() {
    String mark = RuntimeContract.mark();
    AgentManifest bomb =
        agent(
                COUNT,
                "case $line in *bomb*)",
                "(sleep 0.2; for n in 1 2 3 4 5 6 7 8 9; do sleep " + mark + " & done; wait) &;;",
                "esac")
            .with("resources: { pids: 8 }")
            .read();
    assertThat(start(bomb).output()).isEqualTo(1L);

    assertThat(start(bomb, Map.of("a", "bomb"), SOON, "ops/sample").output()).isEqualTo(2L);

    // Until it goes off the process serves on; whose attempt is under way then may fail.
    await()
        .atMost(SOON)
        .until(() -> start(bomb).end() instanceof Succeeded again && again.output().equals(1L));
    assertThat(RuntimeContract.living(mark)).isZero();
  }
}
