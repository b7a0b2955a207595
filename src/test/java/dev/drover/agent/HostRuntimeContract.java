package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the runtimes on this host promise beyond what every runtime does. */
abstract class HostRuntimeContract extends RuntimeContract {
  @Test
  void sigtermIsHeardByTheAgentSoThatItCanTidyUp() {
    AgentManifest manifest =
        agent()
            .script("trap 'echo tidied >&2; exit 0' TERM", "echo ready >&2", "sleep 60 & wait")
            .read();
    RunningAttempt attempt = start(manifest, Map.of(), SOON);
    await().atMost(SOON).until(() -> lines().contains("ready"));

    attempt.cancel("enough");

    assertThat(end(attempt)).isInstanceOf(Cancelled.class);
    assertThat(lines()).contains("tidied");
  }

  @Test
  void tooMuchMemoryEndsTheAgent() {
    TestAgent hog =
        agent().script("tail -n 1 </dev/zero").with("resources: { memory: 128Mi, pids: 16 }");

    Failed result = failed(run(hog), FailureType.MEMORY);

    assertThat(result.message()).contains("128 MiB");
  }

  @Test
  void tooManyProcessesEndTheAgent() {
    String mark = mark();
    TestAgent bomb =
        agent()
            .script("i=0; while [ $i -lt 300 ]; do sleep " + mark + " & i=$((i+1)); done", "wait")
            .with("resources: { pids: 32 }");

    Failed result = failed(run(bomb), FailureType.PIDS);

    assertThat(result.message()).contains("allows 32");
    await().atMost(SOON).until(() -> living(mark) == 0);
  }

  @Test
  void theEnvironmentHoldsOnlyWhatIsPromised() {
    run(agent().script("cat /proc/$$/environ | tr '\\0' '\\n' >&2", "echo 1"));

    Map<String, String> env = new java.util.TreeMap<>();
    lines().forEach(l -> env.put(l.split("=", 2)[0], l.split("=", 2)[1]));
    env.remove("PWD"); // bubblewrap's own, for the working directory
    assertThat(env.remove("PATH")).startsWith(System.getProperty("java.home") + "/bin:");
    assertThat(env)
        .isEqualTo(
            Map.of(
                "HOME", "/tmp",
                "LANG", "C.UTF-8",
                "DROVER_RUN", "run-1",
                "DROVER_NODE", "node-1",
                "DROVER_ATTEMPT", "2",
                "DROVER_IDEMPOTENCY_KEY", "run-1/node-1",
                "TRACEPARENT", "00-abc-def-01"));
  }

  @Test
  void javaIsTheServersOwnAndKnowsItsBounds() {
    TestAgent java =
        agent()
            .command("[java, -XX:+PrintFlagsFinal, -version]")
            .with("resources: { memory: 256Mi }");

    Failed result = failed(run(java), FailureType.OUTPUT_NOT_JSON); // its output is a list of flags
    assertThat(result.exitCode()).isEqualTo(OptionalInt.of(0));
    assertThat(String.join("\n", lines())).contains(System.getProperty("java.vm.version"));
  }

  @Test
  void aMissingProgramIsNamedWithTheWayToGetIt() {
    TestAgent node = agent().command("[no-such-node, main.js]").file("main.js", "");

    Failed result = failed(run(node), FailureType.START_FAILED);

    assertThat(result.message()).contains("no-such-node", "apt-get install");
    assertThat(runtime.missing(node.read())).isPresent();
  }

  @Test
  void fiftyAttemptsShareEightPlacesAndHoldNoThreads() {
    String mark = mark();
    assertThat(output(run(agent().script("echo 1")))).isEqualTo(1L); // warm
    String command = "sleep 0.3; : " + mark;
    AgentManifest marked = agent("marked").command("[sh, -c, \"" + command + "; echo 1\"]").read();
    long before = threads();

    long began = System.nanoTime();
    List<RunningAttempt> attempts =
        IntStream.range(0, 50).mapToObj(i -> start(marked, Map.of(), SOON)).toList();
    List<Long> threads = new ArrayList<>();
    List<Long> running = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              threads.add(threads());
              running.add(
                  living(runtime.name().equals("sandbox") ? "--\0sh\0-c\0" + command : command));
              return attempts.stream().allMatch(a -> a.result().isDone());
            });

    attempts.forEach(a -> assertThat(output(end(a))).isEqualTo(1L));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1_900));
    // An attempt is up to three processes with that command line, one of them about to become
    // another.
    assertThat(running).anyMatch(count -> count >= 6).allMatch(count -> count <= 24);
    assertThat(threads).allMatch(count -> count - before <= 4);
  }

  /** The live threads but the JDK's, which has one with a tiny stack for each child process. */
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> !t.getName().startsWith("process reaper"))
        .count();
  }

  @Test
  void cancelAsksAtOnceAndKillsWhoDoesNotListen() {
    String mark = mark();
    AgentManifest deaf =
        agent()
            .script(
                "trap 'echo heard >&2' TERM",
                "echo up >&2",
                "while :; do sleep 0.1; : " + mark + "; done")
            .command("[sh, run.sh, \"" + mark + "\"]")
            .read();
    RunningAttempt attempt = start(deaf, Map.of(), SOON);
    await().atMost(SOON).until(() -> lines().contains("up"));

    long asked = System.nanoTime();
    attempt.cancel("the run was cancelled");
    await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> lines().contains("heard"));
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
    assertThat(attempt.result()).isNotDone();

    assertThat(end(attempt)).isInstanceOf(Cancelled.class);
    assertThat(Duration.ofNanos(System.nanoTime() - asked))
        .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    await().atMost(SOON).until(() -> living(mark) == 0);
  }

  @Test
  void aFloodOfLinesWaitsForASlowSinkAndLosesNothing() {
    int count = 200_000;
    AgentManifest talker =
        agent()
            .script("seq 1 " + count + " >&2", "yes '' | head -n 60000 >&2", "echo 1")
            .with("logLimit: 100Mi")
            .read();
    SlowSink sink = new SlowSink();

    AttemptResult result = end(start(talker, sink, Duration.ofSeconds(40)));

    assertThat(output(result)).isEqualTo(1L);
    assertThat(sink.mostOpen.get()).isBetween(1, LogHandover.MOST_LINES + 2);
    assertThat(sink.outOfOrder).isEmpty();
    assertThat(sink.numbered.get()).isEqualTo(count);
    assertThat(sink.last.get()).isEqualTo(count + 60_000); // many stay in the pipe at the end
  }

  /** Acknowledges each batch a while later on another thread, and keeps none of it. */
  private final class SlowSink implements LogSink {
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final AtomicInteger last = new AtomicInteger();
    final AtomicInteger numbered = new AtomicInteger();
    final List<String> outOfOrder = Collections.synchronizedList(new ArrayList<>());

    @Override
    public CompletableFuture<?> accept(List<LogLine> lines) {
      int now = open.addAndGet(lines.size());
      mostOpen.accumulateAndGet(now, Math::max);
      for (LogLine line : lines) {
        int expected = last.incrementAndGet();
        boolean empty = line.text().isEmpty();
        int counted = empty ? numbered.get() : numbered.incrementAndGet();
        if (line.number() != expected || !(empty || line.text().equals("" + counted))) {
          outOfOrder.add(expected + ": " + line);
        }
      }
      int size = lines.size();
      return CompletableFuture.runAsync(
          () -> open.addAndGet(-size),
          CompletableFuture.delayedExecutor(3, TimeUnit.MILLISECONDS, executor));
    }
  }

  @Test
  void limitsHoldWhileTheSinkStandsStillAndTheResultComesWithoutIt() {
    String mark = mark();
    List<LogLine> taken = Collections.synchronizedList(new ArrayList<>());
    AgentManifest noisy = agent().script("yes " + mark + " >&2").read();
    LogSink still =
        lines -> {
          taken.addAll(lines);
          return new CompletableFuture<>();
        };

    AttemptResult result = end(start(noisy, still, Duration.ofMillis(500)));

    failed(result, FailureType.TIMEOUT);
    assertThat(result.duration()).isLessThan(Duration.ofSeconds(4));
    assertThat(taken).hasSizeBetween(LogHandover.MOST_LINES, LogHandover.MOST_LINES + 2);
    assertThat(taken.get(taken.size() - 1).text()).startsWith("[log cut: the rest");
    await().atMost(SOON).until(() -> living(mark) == 0);
  }
}
