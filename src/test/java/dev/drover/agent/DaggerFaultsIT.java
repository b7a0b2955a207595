package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.agent.dagger.TestEngine;
import dev.drover.agent.dagger.TestEngine.Flavour;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong around an attempt, it gets a result. */
class DaggerFaultsIT extends RuntimeFixture {
  private final AtomicBoolean clockFails = new AtomicBoolean();
  private final AtomicBoolean leashFails = new AtomicBoolean();
  private TestEngine engine;

  /** A clock that can fail: the time of a line is asked for when the line is handed over. */
  private final class FailingClock extends Clock {
    @Override
    public ZoneId getZone() {
      return Clock.systemUTC().getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      if (clockFails.get()) {
        throw new IllegalStateException("the clock has failed");
      }
      return Instant.now();
    }
  }

  @BeforeAll
  static void needsBubblewrap() {
    RequiredTool.assume("bwrap");
  }

  @Override
  AgentRuntime open(RuntimeSettings settings) {
    engine = new TestEngine(Flavour.ONE_ID, folder.resolve("store"));
    DaggerEngine dagger = new DaggerEngine(SessionSettings.of(engine.environment()));
    return new DaggerRuntime(settings, dagger, DaggerRuntime.Egress.DENIED, this::execute);
  }

  /** Fails once as a machine without room for another thread does. */
  private void execute(Runnable task) {
    boolean leash = Thread.currentThread().getName().equals("dagger-leash");
    if (leash && leashFails.getAndSet(false)) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    executor.execute(task);
  }

  @Override
  RuntimeSettings settings(int maxConcurrent) {
    RuntimeSettings same = super.settings(maxConcurrent);
    Duration leash = Duration.ofSeconds(1);
    return new RuntimeSettings(
        List.of(), same.mountRoots(), same.secrets(), maxConcurrent, new FailingClock(), leash);
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Override
  TestAgent agent(String name) {
    return super.agent(name).with("image: test:1");
  }

  @Test
  void aLogThatCannotBeHandedOverHoldsNoResultBack() {
    clockFails.set(true);

    assertThat(output(run(agent().script("echo line >&2; echo 1")))).isEqualTo(1L);
    assertThat(lines()).isEmpty();
  }

  @Test
  void norDoesOneOfWhichOnlyTheRestCannotBe() {
    CompletableFuture<Void> room = new CompletableFuture<>();
    AtomicInteger taken = new AtomicInteger();
    LogSink full =
        lines -> {
          taken.addAndGet(lines.size());
          return room;
        };
    AgentManifest noisy = agent().script("seq 1 3000 >&2; echo 1").read();
    RunningAttempt attempt = start(noisy, full, SOON);
    await().atMost(SOON).until(() -> taken.get() >= LogHandover.MOST_LINES);
    await().atMost(SOON).until(() -> engine.running() == 0);

    clockFails.set(true);
    room.complete(null);

    assertThat(output(end(attempt))).isEqualTo(1L);
  }

  @Test
  void aLeaseIsWatchedOnWhenAnAttemptCannotBeTold() {
    AgentManifest waiting = agent().script("echo up >&2; sleep 60").read();
    RunningAttempt one = start(waiting, Map.of(), SOON);
    RunningAttempt other = start(waiting, Map.of(), SOON);
    await().atMost(SOON).until(() -> lines().equals(List.of("up", "up")));
    leashFails.set(true);

    runtime.leaseRenewed(System.nanoTime() - Duration.ofSeconds(1).toNanos());

    Object first =
        CompletableFuture.anyOf(one.result(), other.result())
            .orTimeout(20, TimeUnit.SECONDS)
            .join();

    assertThat(failed((AttemptResult) first, FailureType.LEASE_LOST).duration()).isPositive();
    assertThat(leashFails).isFalse();
  }

  @Test
  void aResultThatCannotBeReadKeepsTheTimeThatItTook() {
    AgentManifest whole = agent().script("echo 1").read();
    AgentManifest.Contract contract = whole.contract();
    AgentManifest broken =
        new AgentManifest(
            whole.name(),
            whole.description(),
            whole.program(),
            new AgentManifest.Contract(
                contract.input(), null, contract.effect(), contract.artifacts()),
            whole.limits(),
            whole.access(),
            whole.cost(),
            whole.selfTest(),
            whole.hash());

    Failed failed = failed(end(start(broken, Map.of(), SOON)), FailureType.INTERNAL);

    assertThat(failed.duration()).isPositive();
  }
}
