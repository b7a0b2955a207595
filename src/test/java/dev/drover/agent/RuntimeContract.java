package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.AttemptResult.Succeeded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every runtime on this host promises, tried with real processes. */
abstract class RuntimeContract {
  static final Duration SOON = Duration.ofSeconds(20);
  static final String TOKEN = "s3cr3t-t0ken";

  @TempDir Path folder;
  ExecutorService executor;
  AgentRuntime runtime;
  final List<LogLine> log = Collections.synchronizedList(new ArrayList<>());

  abstract AgentRuntime open(RuntimeSettings settings);

  @BeforeEach
  void openRuntime() throws IOException {
    Files.createDirectories(folder.resolve("allowed"));
    executor = Executors.newFixedThreadPool(3);
    runtime = open(settings(8));
  }

  RuntimeSettings settings(int maxConcurrent) {
    Secrets secrets = name -> name.equals("TOKEN") ? Optional.of(TOKEN) : Optional.empty();
    List<Path> roots = List.of(folder.resolve("allowed"));
    return new RuntimeSettings(List.of(), roots, secrets, maxConcurrent, Clock.systemUTC());
  }

  @AfterEach
  void closeRuntime() {
    if (runtime != null) {
      runtime.close();
    }
    executor.shutdownNow();
  }

  TestAgent agent() {
    return TestAgent.in(folder, "sample");
  }

  RunningAttempt start(AgentManifest manifest, Map<String, Object> input, Duration timeout) {
    return start(manifest, input, timeout, "ops/sample");
  }

  RunningAttempt start(
      AgentManifest manifest, Map<String, Object> input, Duration timeout, String share) {
    Optional<String> traceparent = Optional.of("00-abc-def-01");
    AttemptIdentity identity =
        new AttemptIdentity("run-1", "node-1", 2, "run-1/node-1", traceparent, share);
    return runtime.start(
        new AttemptRequest(
            manifest, input, Path.of("").toAbsolutePath(), timeout, identity, this::keep));
  }

  private CompletableFuture<?> keep(List<LogLine> lines) {
    log.addAll(lines);
    return CompletableFuture.completedFuture(null);
  }

  AttemptResult run(TestAgent agent, Map<String, Object> input) {
    return end(start(agent.read(), input, SOON));
  }

  AttemptResult run(TestAgent agent) {
    return run(agent, Map.of());
  }

  static AttemptResult end(RunningAttempt attempt) {
    return attempt.result().orTimeout(40, TimeUnit.SECONDS).join();
  }

  static Failed failed(AttemptResult result, FailureType type) {
    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).type()).as(((Failed) result).message()).isEqualTo(type);
    return (Failed) result;
  }

  static Object output(AttemptResult result) {
    assertThat(result).isInstanceOf(Succeeded.class);
    return ((Succeeded) result).output();
  }

  List<String> lines() {
    return List.copyOf(log).stream().map(LogLine::text).toList();
  }

  /** Whether a process with that text on its command line lives on this host. */
  static long living(String mark) {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(p -> p.getFileName().toString().matches("\\d+"))
          .filter(p -> commandLine(p).contains(mark))
          .count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static String commandLine(Path process) {
    try {
      byte[] bytes = Files.readAllBytes(process.resolve("cmdline"));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** A length of sleep that no other process has. */
  static String mark() {
    return "7" + String.valueOf(System.nanoTime()).substring(3);
  }

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
            .script("yes 'a line of some length' | head -c 30000000 >&2", "echo last >&2; echo 1");

    assertThat(output(run(talker))).isEqualTo(1L);
    assertThat(lines()).endsWith("[log cut at 10 MiB]");
    assertThat(lines().stream().mapToInt(String::length).sum()).isLessThan(10 << 20);
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
  void theAgentsFolderIsItsWorkingDirectory() {
    TestAgent reader =
        agent()
            .command("[sh, \"${agent.home}/run.sh\"]")
            .file("data.json", "[7]")
            .script("cat data.json");

    assertThat(output(run(reader))).isEqualTo(List.of(7L));
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
    AgentManifest marked =
        TestAgent.in(folder, "marked").command("[sh, -c, \"" + command + "; echo 1\"]").read();
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
    AgentManifest storm =
        TestAgent.in(folder, "storm").script("echo storm >&2; sleep 0.1; echo 1").read();
    AgentManifest other = TestAgent.in(folder, "other").script("echo other >&2; echo 1").read();

    List<RunningAttempt> attempts =
        IntStream.range(0, 40).mapToObj(i -> start(storm, Map.of(), SOON, "ops/storm")).toList();
    AttemptResult result = end(start(other, Map.of(), SOON, "ops/other"));

    assertThat(output(result)).isEqualTo(1L);
    assertThat(lines().indexOf("other")).isBetween(0, 10);
    attempts.forEach(a -> a.cancel("seen enough"));
    attempts.forEach(RuntimeContract::end);
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

  RunningAttempt start(AgentManifest manifest, LogSink sink, Duration timeout) {
    AttemptIdentity identity = new AttemptIdentity("r", "n", 1, "k", Optional.empty());
    return runtime.start(new AttemptRequest(manifest, Map.of(), folder, timeout, identity, sink));
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
