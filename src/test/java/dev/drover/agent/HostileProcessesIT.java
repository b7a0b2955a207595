package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.agent.AttemptResult.Cancelled;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Agents that fork, hide, refuse to die, or kill whom they reach. */
class HostileProcessesIT extends HostileAgents {
  @Test
  void whatLeavesSessionParentsAndPipesEndsWithTheAgentAllTheSame() {
    String mark = RuntimeContract.mark();

    assertThat(contained(hostile("daemons"), Map.of("mark", mark))).isEqualTo(1L);

    await().atMost(SOON).until(() -> RuntimeContract.living(mark) == 0);
  }

  @Test
  void whoKillsEverybodyItReachesReachesNobodyElse() throws IOException {
    Process witness = new ProcessBuilder("sleep", RuntimeContract.mark()).start();
    try {
      RunningAttempt neighbour =
          start(agent("neighbour").script("sleep 1", "echo 1"), Map.of(), SOON);
      TestAgent killer =
          agent("killer")
              .command("[perl, kill.pl]")
              .file("kill.pl", "$SIG{TERM} = 'IGNORE'; kill $_, -1 for 15, 9; kill 9, 1; print 1;");

      AttemptResult killed = run(killer);

      assertThat(killed).isNotInstanceOf(Cancelled.class);
      assertThat(output(end(neighbour))).isEqualTo(1L);
      assertThat(witness.isAlive()).isTrue();
    } finally {
      witness.destroyForcibly();
    }
  }

  @Test
  void aForkBombIsEndedWithTheReason() {
    String mark = RuntimeContract.mark();
    TestAgent bomb =
        agent("bomb")
            .with("resources: { pids: 48 }")
            .command("[perl, bomb.pl, \"" + mark + "\"]")
            .file("bomb.pl", "$SIG{$_} = 'IGNORE' for 'TERM', 'HUP'; fork while 1;");
    RunningAttempt neighbour =
        start(agent("neighbour").script("sleep 0.5", "echo 1"), Map.of(), SOON);

    assertThat(failed(run(bomb), FailureType.PIDS).message()).contains("allows 48");

    assertThat(output(end(neighbour))).isEqualTo(1L);
    await().atMost(SOON).until(() -> RuntimeContract.living(mark) == 0);
  }

  @Test
  void threadsAreCountedLikeProcesses() {
    String source =
        "public class Threads { public static void main(String[] a) throws Exception {"
            + " for (int i = 0; i < 500; i++) { new Thread(() -> { try { Thread.sleep(20000); }"
            + " catch (InterruptedException e) { } }).start(); } } }";
    TestAgent threads =
        agent("threads")
            .with("resources: { pids: 64 }")
            .command("[java, -Xss256k, Threads.java]")
            .file("Threads.java", source);

    failed(run(threads), FailureType.PIDS);
  }

  @Test
  void whoIgnoresEverySignalIsKilledWithAllItHasStarted() {
    String mark = RuntimeContract.mark();
    TestAgent deaf =
        agent("deaf")
            .command("[perl, deaf.pl, \"" + mark + "\"]")
            .file(
                "deaf.pl",
                "$SIG{$_} = 'IGNORE' for keys %SIG; fork; fork; setpgrp; sleep 1 while 1;");

    AttemptResult result = end(start(deaf, Map.of(), Duration.ofMillis(500)));

    failed(result, FailureType.TIMEOUT);
    assertThat(result.duration()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
    await().atMost(SOON).until(() -> RuntimeContract.living(mark) == 0);
  }

  @Test
  void whoStopsItselfIsEndedByItsTimeLimit() {
    AttemptResult result =
        end(start(agent("halted").script("kill -STOP $$"), Map.of(), Duration.ofMillis(500)));

    failed(result, FailureType.TIMEOUT);
    assertThat(result.duration()).isLessThan(Duration.ofSeconds(6));
  }

  @Test
  void theEnvironmentHoldsNothingOfTheServers() {
    TestAgent told =
        agent("told")
            .command("[perl, env.pl]")
            .file("env.pl", "print '[', join(',', map { qq(\"$_\") } sort keys %ENV), ']';");

    assertThat(output(run(told)))
        .isEqualTo(
            List.of(
                "DROVER_ATTEMPT",
                "DROVER_IDEMPOTENCY_KEY",
                "DROVER_NODE",
                "DROVER_RUN",
                "HOME",
                "LANG",
                "PATH",
                "PWD"));
    assertThat(System.getenv()).as("the server has more").hasSizeGreaterThan(8);
  }
}
