package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.agent.dagger.TestEngine;
import dev.drover.agent.dagger.TestEngine.Flavour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of an attempt between its program's end and its own. */
class DaggerWriteBackIT extends RuntimeFixture {
  private TestEngine engine;

  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings) {
    engine = new TestEngine(Flavour.ONE_ID, folder.resolve("store"));
    DaggerEngine dagger = new DaggerEngine(SessionSettings.of(engine.environment()));
    return new DaggerRuntime(settings, dagger, DaggerRuntime.Egress.DENIED, executor);
  }

  @Override
  RuntimeSettings settings(int maxConcurrent) {
    RuntimeSettings same = super.settings(maxConcurrent);
    return new RuntimeSettings(
        List.of(),
        same.mountRoots(),
        same.secrets(),
        maxConcurrent,
        same.clock(),
        Duration.ofSeconds(1));
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Override
  TestAgent agent(String name) {
    return super.agent(name)
        .with("image: test:1")
        .with("mounts: [ { input: target, as: /work/source, readOnly: false } ]")
        .script("echo written > /work/source/new; echo 1");
  }

  private Map<String, Object> target() {
    return Map.of("target", folder.resolve("allowed").toString());
  }

  /** An attempt whose program has ended, and whose folder is being written back. */
  private RunningAttempt writingBack(TestAgent agent) {
    engine.exports().hold();
    RunningAttempt attempt = start(agent.read(), target(), SOON);
    await().atMost(SOON).until(() -> engine.exports().waiting() == 1);
    return attempt;
  }

  private void assertNothingIsWrittenAnyMore() {
    assertThat(engine.exports().waiting()).isZero();
    engine.exports().release();
    assertThat(folder.resolve("allowed")).isEmptyDirectory();
  }

  @Test
  void aCancelledAttemptWritesNoFurtherAndSaysSoOnlyThen() {
    RunningAttempt attempt = writingBack(agent());

    attempt.cancel("seen enough");

    assertThat(end(attempt)).isInstanceOf(AttemptResult.Cancelled.class);
    assertNothingIsWrittenAnyMore();
    assertThat(end(attempt).duration()).isPositive();
  }

  @Test
  void filesThatAreTooLargeAreNotBroughtHereAnyFurther() {
    RunningAttempt attempt = writingBack(agent());

    attempt.fail(FailureType.ARTIFACT_TOO_LARGE, "more than 1 MiB of files");

    Failed failed = failed(end(attempt), FailureType.ARTIFACT_TOO_LARGE);
    assertNothingIsWrittenAnyMore();
    assertThat(failed.duration()).isPositive();
  }

  @Test
  void withoutItsLeaseAnAttemptWritesNoFurtherAndItsTimeIsKept() {
    RunningAttempt attempt = writingBack(agent());

    runtime.leaseRenewed(System.nanoTime() - Duration.ofSeconds(1).toNanos());

    Failed failed = failed(end(attempt), FailureType.LEASE_LOST);
    assertNothingIsWrittenAnyMore();
    assertThat(failed.duration()).isPositive();
  }

  @Test
  void anEngineThatIsLostThenHasRunTheAgent() {
    RunningAttempt once = writingBack(agent().with("effect: once"));

    engine.die();

    Failed failed = failed(end(once), FailureType.INTERRUPTED);
    assertThat(failed.temporary()).isFalse();
    assertThat(failed.duration()).isPositive();
  }

  @Test
  void theTimeOfAnAgentWhoseEngineIsLostThenIsKept() {
    RunningAttempt attempt = writingBack(agent());

    engine.die();

    assertThat(failed(end(attempt), FailureType.ENGINE_LOST).duration()).isPositive();
  }

  @Test
  void whatCannotBeWrittenBackIsNoFailureToStart() {
    engine.fails("export", "no space left on device");

    Failed failed = failed(run(agent(), target()), FailureType.INTERNAL);

    assertThat(failed.message())
        .isEqualTo("ran, but what it wrote could not be written back: no space left on device");
    assertThat(failed.duration()).isPositive();
  }

  @Test
  void anEngineThatFailsAfterTheProgramIsToldFromOneThatDoesNotStartIt() {
    Path ran = folder.resolve("allowed");
    TestAgent waiting = agent("waiting").script("echo up >&2; sleep 60");
    RunningAttempt first = start(waiting.read(), target(), SOON);
    await().atMost(SOON).until(() -> lines().contains("up")); // so the stream is there
    engine.fails("stderr", "failed to read the stream");

    Failed after = failed(run(agent(), target()), FailureType.INTERNAL);
    assertThat(after.message()).isEqualTo("ran, but failed to read the stream");
    assertThat(after.duration()).isPositive();

    engine.fails("withExec", "failed to create the task");
    Failed before = failed(run(agent(), target()), FailureType.START_FAILED);
    assertThat(before.message()).isEqualTo("Dagger does not run it: failed to create the task");
    assertThat(before.duration()).isZero();
    assertThat(ran).isEmptyDirectory();
    first.cancel("seen enough");
    end(first);
  }
}
