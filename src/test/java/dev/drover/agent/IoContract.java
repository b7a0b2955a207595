package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What goes in and comes out of an agent, in every runtime, tried with real processes. */
abstract class IoContract extends RuntimeFixture {
  @Test
  void theInputComesOnStdinAndTheOutputGoesToStdout() {
    AttemptResult result = run(agent().script("cat"), Map.of("a", List.of(1L, "ü")));

    assertThat(output(result)).isEqualTo(Map.of("a", List.of(1L, "ü")));
    assertThat(result.duration()).isPositive();
    assertThat(result.runtime()).isEqualTo(runtime.name());
  }

  @Test
  void anAgentThatNeverReadsItsInputDoesNotBlock() {
    String large = "x".repeat(3 << 20);
    assertThat(output(run(agent().script("echo 1"), Map.of("a", large)))).isEqualTo(1L);
  }

  @Test
  void aLogLineIsSeenWhileTheAgentStillRuns() {
    AgentManifest manifest = agent().script("echo first >&2", "sleep 60").read();
    RunningAttempt attempt = start(manifest, Map.of(), SOON);

    await().atMost(SOON).until(() -> lines().contains("first"));
    assertThat(attempt.result()).isNotDone();
    assertThat(log.get(0).number()).isEqualTo(1);
    attempt.cancel("seen enough");
    assertThat(end(attempt)).isInstanceOf(Cancelled.class);
  }

  @Test
  void exitCode75AsksForAnotherTry() {
    Failed result = failed(run(agent().script("exit 75")), FailureType.TEMPORARY);

    assertThat(result.temporary()).isTrue();
    assertThat(result.exitCode()).isEqualTo(OptionalInt.of(75));
  }

  @Test
  void anyOtherExitCodeIsAFailureWithTheLastLogLines() {
    Failed result =
        failed(
            run(agent().script("for i in 1 2 3 4 5 6 7; do echo line $i >&2; done", "exit 3")),
            FailureType.EXIT_CODE);

    assertThat(result.exitCode()).isEqualTo(OptionalInt.of(3));
    assertThat(result.temporary()).isFalse();
    assertThat(result.message()).contains("exit code 3", "line 3 |", "line 7");
    assertThat(result.message()).doesNotContain("line 2");
  }

  @Test
  void aSignalIsNamed() {
    Failed result = failed(run(agent().script("kill -SEGV $$")), FailureType.EXIT_CODE);

    assertThat(result.message()).contains("139", "SIGSEGV");
  }

  @Test
  void aCommandThatTheScriptDoesNotFindIsNamed() {
    Failed result = failed(run(agent().script("no-such-tool")), FailureType.EXIT_CODE);

    assertThat(result.message()).contains("127", "not found", "no-such-tool");
  }

  @Test
  void endlessOutputEndsTheAgent() {
    Failed result = failed(run(agent().script("cat /dev/zero")), FailureType.OUTPUT_TOO_LARGE);

    assertThat(result.message()).contains("1 MiB");
  }

  @Test
  void outputUpToTheLimitIsTaken() {
    String quoted = "printf '\"'; head -c 1048574 /dev/zero | tr '\\0' x; printf '\"'";

    assertThat((String) output(run(agent().script(quoted)))).hasSize(1048574);
    failed(run(agent().script(quoted, "echo")), FailureType.OUTPUT_TOO_LARGE);
  }

  @Test
  void anEndlessLogIsCutAndTheAgentGoesOn() {
    TestAgent talker =
        agent()
            .script("yes 'a line of some length' | head -c 3000000 >&2", "echo last >&2; echo 1")
            .with("logLimit: 1Mi");

    assertThat(output(run(talker))).isEqualTo(1L);
    assertThat(lines()).endsWith("[log cut at 1 MiB]");
    assertThat(lines().stream().mapToInt(String::length).sum()).isLessThan(1 << 20);
  }

  @Test
  void aFailureAfterTheCutStillTellsTheLastLines() {
    TestAgent talker =
        agent()
            .script("yes noise | head -c 100000 >&2", "echo the reason >&2", "exit 4")
            .with("logLimit: 2Ki");

    Failed result = failed(run(talker), FailureType.EXIT_CODE);

    assertThat(result.message()).endsWith("the reason");
  }

  @Test
  void linesAreBoundedAndUnreadableTextIsReplaced() {
    run(
        agent()
            .script(
                "head -c 20000 /dev/zero | tr '\\0' x >&2; echo >&2",
                "printf 'a\\000b\\377c\\r\\n' >&2",
                "printf 'no end' >&2"));

    assertThat(lines()).hasSize(4);
    assertThat(lines().get(0)).endsWith(LogStream.CONTINUES).hasSizeLessThan(17_000);
    assertThat(lines().get(2)).isEqualTo("a\u2400b\ufffdc");
    assertThat(lines().get(3)).isEqualTo("no end");
    assertThat(log).extracting(LogLine::number).containsExactly(1, 2, 3, 4);
  }

  @Test
  void outputThatIsNotJsonIsAFailureWithItsPlace() {
    Failed result =
        failed(run(agent().script("echo '{\"a\": oops}'")), FailureType.OUTPUT_NOT_JSON);

    assertThat(result.message()).contains("line 1, column", "oops");
    failed(run(agent().script("true")), FailureType.OUTPUT_NOT_JSON);
    failed(run(agent().script("echo 1 2")), FailureType.OUTPUT_NOT_JSON);
  }

  @Test
  void outputThatBreaksTheSchemaIsAFailure() {
    TestAgent liar =
        agent()
            .script("echo '{\"found\": \"three\"}'")
            .with("output: { type: object, properties: { found: { type: integer } } }");

    assertThat(failed(run(liar), FailureType.OUTPUT_INVALID).message()).contains("$.found");
  }

  @Test
  void theAgentsFolderIsItsWorkingDirectory() {
    TestAgent reader =
        agent()
            .command("[sh, \"${agent.home}/run.sh\"]")
            .file("data.json", "[7]")
            .script("cat data.json");

    assertThat(output(run(reader))).isEqualTo(List.of(7L));
  }

  @Test
  void aListenerThatFailsHarmsNobody() {
    AgentManifest manifest = agent().script("echo a >&2; echo b >&2; echo 1").read();
    RunningAttempt attempt =
        start(
            manifest,
            lines -> {
              throw new IllegalStateException("a listener's fault");
            },
            SOON);

    assertThat(output(end(attempt))).isEqualTo(1L);
  }
}
