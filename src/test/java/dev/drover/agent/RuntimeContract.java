package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every runtime promises, tried with real processes. */
abstract class RuntimeContract extends IoContract {
  @Test
  void theTimeLimitEndsGrandchildrenToo() {
    String mark = mark();
    AgentManifest manifest =
        agent().script("sh -c 'sleep " + mark + " & sleep " + mark + "' &", "wait").read();

    AttemptResult result = end(start(manifest, Map.of(), Duration.ofMillis(500)));

    Failed failed = failed(result, FailureType.TIMEOUT);
    assertThat(failed.message()).contains("0.5s");
    assertThat(result.duration()).isLessThan(Duration.ofSeconds(2));
    await().atMost(SOON).until(() -> living(mark) == 0);
  }

  @Test
  void whoIgnoresSigtermIsKilledAfterTheGrace() {
    String mark = mark();
    AgentManifest manifest =
        agent().script("trap '' TERM", "while :; do sleep " + mark + "; done").read();

    AttemptResult result = end(start(manifest, Map.of(), Duration.ofMillis(300)));

    failed(result, FailureType.TIMEOUT);
    assertThat(result.duration()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
    await().atMost(SOON).until(() -> living(mark) == 0);
  }

  @Test
  void whatIsLeftInTheBackgroundEndsWithTheAgent() {
    String mark = mark();
    String detached = "(setsid sh -c 'while :; do echo flood; sleep 0; done; : " + mark + "' &)";
    AttemptResult result = run(agent().script("echo 1", detached + " >&2", "sleep 0.3"));

    assertThat(output(result)).isEqualTo(1L);
    await().atMost(SOON).until(() -> living(mark) == 0);
  }

  @Test
  void cancelReachesARunningAgentWithinASecond() {
    String mark = mark();
    AgentManifest manifest = agent().script("echo up >&2", "sleep " + mark).read();
    RunningAttempt attempt = start(manifest, Map.of(), SOON);
    await().atMost(SOON).until(() -> lines().contains("up"));

    long asked = System.nanoTime();
    attempt.cancel("the run was cancelled");
    AttemptResult result = end(attempt);

    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
    assertThat(((Cancelled) result).reason()).isEqualTo("the run was cancelled");
    await().atMost(SOON).until(() -> living(mark) == 0);
  }

  @Test
  void secretsAreHandedOverAndMaskedWhereverTheyShow() {
    TestAgent leak =
        agent()
            .with("env: { TOKEN: \"${{ secrets.TOKEN }}\", MODE: plain }")
            .script(
                "echo token is $TOKEN in $MODE >&2",
                "echo \"{\\\"$TOKEN\\\": [\\\"<$TOKEN>\\\"]}\"");

    assertThat(output(run(leak))).isEqualTo(Map.of("***", List.of("<***>")));
    assertThat(lines()).containsExactly("token is *** in plain");

    Failed exit = failed(run(leak.script("echo $TOKEN >&2; exit 1")), FailureType.EXIT_CODE);
    assertThat(exit.message()).doesNotContain(TOKEN).contains("***");
    Failed text = failed(run(leak.script("echo $TOKEN")), FailureType.OUTPUT_NOT_JSON);
    assertThat(text.message()).doesNotContain("s3cr3t");
  }

  @Test
  void aSecretAcrossTheBreakOfALongLineIsMaskedToo() {
    TestAgent leak =
        agent()
            .with("env: { TOKEN: \"${{ secrets.TOKEN }}\" }")
            .script("head -c 16379 /dev/zero | tr '\\0' x >&2; echo $TOKEN yyy >&2; echo 1");

    assertThat(output(run(leak))).isEqualTo(1L);
    assertThat(String.join("", lines()).replace(LogStream.CONTINUES, "")).endsWith("x*** yyy");
  }

  @Test
  void aSecretIsNotOnAnyCommandLine() {
    String mark = mark();
    TestAgent keeper =
        agent()
            .with("env: { TOKEN: \"${{ secrets.TOKEN }}\" }")
            .script("echo up >&2", "sleep " + mark);
    RunningAttempt attempt = start(keeper.read(), Map.of(), SOON);
    await().atMost(SOON).until(() -> living(mark) > 0);

    assertThat(living(TOKEN)).isZero();
    attempt.cancel("seen enough");
    end(attempt);
  }

  @Test
  void aMissingSecretIsNamedAndNothingIsStarted() {
    TestAgent keeper =
        agent().with("env: { KEY: \"${{ secrets.NO_SUCH }}\" }").script("echo hi >&2; echo 1");

    Failed result = failed(run(keeper), FailureType.SECRET_MISSING);

    assertThat(result.message()).contains("NO_SUCH", "KEY");
    assertThat(result.duration()).isZero();
    assertThat(log).isEmpty();
  }

  @Test
  void aMountIsReadUnderItsNewName() throws IOException {
    Files.writeString(folder.resolve("allowed/data.txt"), "41");
    TestAgent reader =
        agent()
            .with("mounts: [ { input: target, as: /work/source } ]")
            .script("dir=$(tr -d '{}\"' | sed 's/target://')", "cat $dir/data.txt");

    Object result = output(run(reader, Map.of("target", folder.resolve("allowed").toString())));

    assertThat(result).isEqualTo(41L);
  }

  @Test
  void aMountOutsideTheRootsIsRefusedAlsoThroughALink() throws IOException {
    Files.createDirectories(folder.resolve("private"));
    Files.createSymbolicLink(folder.resolve("allowed/link"), folder.resolve("private"));
    TestAgent reader =
        agent().with("mounts: [ { input: target, as: /work/source } ]").script("echo 1");

    for (String path : List.of("/etc", "private", "allowed/link", "allowed/../private")) {
      String target = folder.resolve(path).toString();
      Failed result = failed(run(reader, Map.of("target", target)), FailureType.MOUNT_REFUSED);
      assertThat(result.message()).contains("drover.agent-limits.mount-roots");
    }
    failed(run(reader, Map.of("target", "/no/such")), FailureType.MOUNT_REFUSED);
    failed(run(reader, Map.of("target", "a\0b")), FailureType.MOUNT_REFUSED);
    failed(run(reader, Map.of("target", 5L)), FailureType.MOUNT_REFUSED);
    assertThat(output(run(reader))).as("without the field there is nothing to mount").isEqualTo(1L);
  }

  @Test
  void attemptsThatWaitCanBeCancelledAndKeepTheirOrder() {
    runtime.close();
    runtime = open(settings(1));
    AgentManifest slow = agent().script("echo $$ >&2; sleep 60").read();
    RunningAttempt first = start(slow, Map.of(), SOON);
    RunningAttempt second = start(slow, Map.of(), SOON);
    await().atMost(SOON).until(() -> !log.isEmpty());

    long asked = System.nanoTime();
    second.cancel("not needed");

    assertThat(end(second)).isInstanceOf(Cancelled.class);
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
    assertThat(end(second).duration()).isZero();
    assertThat(first.result()).isNotDone();
    assertThat(log).hasSize(1);
  }

  @Test
  void aStormOfOneShareDoesNotHoldUpAnother() {
    runtime.close();
    runtime = open(settings(1));
    AgentManifest storm = agent("storm").script("echo storm >&2; sleep 0.1; echo 1").read();
    AgentManifest other = agent("other").script("echo other >&2; echo 1").read();

    List<RunningAttempt> attempts =
        IntStream.range(0, 40).mapToObj(i -> start(storm, Map.of(), SOON, "ops/storm")).toList();
    AttemptResult result = end(start(other, Map.of(), SOON, "ops/other"));

    assertThat(output(result)).isEqualTo(1L);
    assertThat(lines().indexOf("other")).isBetween(0, 10);
    attempts.forEach(a -> a.cancel("seen enough"));
    attempts.forEach(RuntimeFixture::end);
  }

  @Test
  void closingEndsWhatRunsAndWhatWaitsAndWhatComesLater() {
    String mark = mark();
    AgentManifest slow = agent().script("echo up >&2; sleep " + mark).read();
    List<RunningAttempt> attempts =
        IntStream.range(0, 12).mapToObj(i -> start(slow, Map.of(), SOON)).toList();
    await().atMost(SOON).until(() -> log.size() == 8);

    runtime.close();

    attempts.forEach(a -> assertThat(end(a)).isInstanceOf(Cancelled.class));
    assertThat(end(start(slow, Map.of(), SOON))).isInstanceOf(Cancelled.class);
    await().atMost(SOON).until(() -> living(mark) == 0);
  }
}
