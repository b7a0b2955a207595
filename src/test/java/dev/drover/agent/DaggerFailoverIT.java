package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.agent.dagger.TestCli;
import dev.drover.agent.dagger.TestEngine;
import dev.drover.agent.dagger.TestEngine.Flavour;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of attempts when the engine, the CLI or the lease is lost. */
class DaggerFailoverIT extends RuntimeFixture {
  private TestEngine engine;
  private TestCli cli;
  private DaggerEngine dagger;
  private Duration startLimit = Duration.ofSeconds(20);
  private Duration renewal = Duration.ofHours(1);

  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings) {
    engine = new TestEngine(Flavour.ONE_ID, folder.resolve("store"));
    cli = new TestCli(folder.resolve("cli")).leadsTo(engine);
    return runtime(settings);
  }

  private AgentRuntime runtime(RuntimeSettings settings) {
    Map<String, String> environment = new HashMap<>(cli.environment());
    environment.put("DROVER_SECRET_TOKEN", TOKEN);
    Duration patience = Duration.ofSeconds(1);
    dagger = new DaggerEngine(new SessionSettings(environment, startLimit, patience, renewal));
    return new DaggerRuntime(settings, dagger, DaggerRuntime.Egress.DENIED, executor);
  }

  private void reopen() {
    runtime.close();
    runtime = runtime(settings(8));
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Override
  TestAgent agent(String name) {
    return super.agent(name).with("image: test:1");
  }

  private RunningAttempt up(TestAgent agent) {
    RunningAttempt attempt = start(agent.script("echo up >&2; sleep 60").read(), Map.of(), SOON);
    await().atMost(SOON).until(() -> lines().contains("up"));
    return attempt;
  }

  @Test
  void anEngineThatDiesFailsItsAttemptsForNowAndTheNextOpensAnotherSession() {
    RunningAttempt attempt = up(agent());

    engine.die();
    Failed lost = failed(end(attempt), FailureType.ENGINE_LOST);

    assertThat(lost.temporary()).isTrue();
    assertThat(lost.duration()).isPositive();
    engine.rise();
    cli.leadsTo(engine);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(output(run(agent("next").script("echo 1")))).isEqualTo(1L));
    assertThat(cli.lines("pids")).hasSize(2);
  }

  @Test
  void aSessionThatDiesWhileNothingRunsIsNoticedByTheNextAttempt() {
    assertThat(output(run(agent().script("echo 1")))).isEqualTo(1L);
    engine.die();
    engine.rise();
    cli.leadsTo(engine);

    assertThat(failed(run(agent().script("echo 1")), FailureType.ENGINE_LOST).temporary()).isTrue();

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(output(run(agent("next").script("echo 1")))).isEqualTo(1L));
    assertThat(cli.lines("pids")).hasSize(2);
  }

  @Test
  void anAgentThatMustNotRunTwiceIsNotTriedAgain() {
    RunningAttempt attempt = up(agent().with("effect: once"));

    engine.die();

    Failed lost = failed(end(attempt), FailureType.INTERRUPTED);
    assertThat(lost.temporary()).isFalse();
    assertThat(lost.message()).contains("whether it happened is not known");
  }

  @Test
  void aCommandThatEndsIsStartedAgain() {
    assertThat(output(run(agent().script("echo 1")))).isEqualTo(1L);

    cli.kill();

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(output(run(agent("next").script("echo 2")))).isEqualTo(2L);
              assertThat(cli.lines("pids")).hasSize(2);
            });
  }

  @Test
  void aSessionThatDoesNotOpenIsExplainedInItsOwnWordsAndTriedAgain() {
    cli.leadsNowhere();
    reopen();

    Failed failed = failed(run(agent().script("echo 1")), FailureType.ENGINE_LOST);

    assertThat(failed.message())
        .contains("exit code 1", "failed to connect to engine: no such host");
    assertThat(runtime.missing(agent().read()).orElseThrow()).contains("no such host");
    cli.leadsTo(engine);
    await().atMost(SOON).until(() -> runtime.missing(agent().read()).isEmpty());
    assertThat(output(run(agent().script("echo 1")))).isEqualTo(1L);
  }

  @Test
  void anOldSessionMakesWayForANewOneWhenItsLastAttemptHasEnded() {
    renewal = Duration.ofMillis(1);
    reopen();
    RunningAttempt attempt = up(agent());
    assertThat(output(run(agent("next").script("echo 1")))).isEqualTo(1L);
    assertThat(cli.lines("pids")).hasSizeGreaterThanOrEqualTo(2);
    int ended = cli.lines("ends").size();
    assertThat(attempt.result()).isNotDone();

    attempt.cancel("seen enough");

    assertThat(end(attempt)).isInstanceOf(AttemptResult.Cancelled.class);
    await().atMost(SOON).until(() -> cli.lines("ends").size() > ended);
  }

  @Test
  void aSessionThatTakesTooLongIsGivenUp() {
    startLimit = Duration.ofMillis(400);
    cli.fallsSilent();
    reopen();

    Failed failed = failed(run(agent().script("echo 1")), FailureType.ENGINE_LOST);

    assertThat(failed.message()).contains("no session within 0 s", "1: connect");
  }

  @Test
  void theCommandGetsNothingOfTheServersAndEndsWithIt() {
    assertThat(output(run(agent().script("echo 1")))).isEqualTo(1L);
    String environment = String.join("\n", cli.lines("environment"));

    assertThat(environment).contains("DAGGER_NO_UPDATE_CHECK=1").doesNotContain("DROVER_", TOKEN);
    assertThat(cli.lines("arguments"))
        .containsExactly(
            "--progress=plain session --label dagger.io/sdk.name:java"
                + " --label dagger.io/sdk.version:0");
    assertThat(cli.lines("ends")).isEmpty();
    runtime.close();
    await().atMost(SOON).untilAsserted(() -> assertThat(cli.lines("ends")).hasSize(1));
  }

  @Test
  void anAttemptEndsWithItsServersLease() {
    runtime.close();
    RuntimeSettings before = settings(8);
    runtime =
        runtime(
            new RuntimeSettings(
                List.of(),
                before.mountRoots(),
                before.secrets(),
                8,
                before.clock(),
                Duration.ofSeconds(1)));
    runtime.leaseRenewed(System.nanoTime());
    RunningAttempt attempt = up(agent());

    failed(end(attempt), FailureType.LEASE_LOST);

    await().atMost(SOON).until(() -> engine.running() == 0);
  }

  @Test
  void withoutAnImageOrDaggerItIsSaidWhatToDo() {
    AgentManifest bare = super.agent("bare").script("echo 1").read();
    assertThat(runtime.missing(bare).orElseThrow()).contains("image: ", "Dockerfile");
    failed(end(start(bare, Map.of(), SOON)), FailureType.START_FAILED);

    runtime.close();
    DaggerEngine none = new DaggerEngine(SessionSettings.of(Map.of("PATH", folder.toString())));
    runtime = new DaggerRuntime(settings(8), none, DaggerRuntime.Egress.DENIED, executor);
    Failed failed = failed(run(agent().script("echo 1")), FailureType.START_FAILED);
    assertThat(failed.message()).contains("dagger command was not found", "docs/dagger.md");
  }

  @Test
  void theNetworkThatAManifestAsksForIsTheEnginesOrItDoesNotRun() {
    AgentManifest none = agent().script("echo 1").read();
    AgentManifest any = agent("any").with("network: any").script("echo 1").read();
    assertThat(runtime.missing(any).orElseThrow()).contains("network: any");
    failed(end(start(any, Map.of(), SOON)), FailureType.START_FAILED);

    runtime.close();
    runtime = new DaggerRuntime(settings(8), dagger, DaggerRuntime.Egress.ALLOWED, executor);
    assertThat(runtime.missing(none).orElseThrow()).contains("engine-egress=denied");
    failed(end(start(none, Map.of(), SOON)), FailureType.START_FAILED);
  }
}
