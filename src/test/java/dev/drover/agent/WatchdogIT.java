package dev.drover.agent;

import static dev.drover.agent.RuntimeContract.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.agent.AttemptResult.Succeeded;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watchdog kills what it should and nobody else, and costs next to nothing. */
class WatchdogIT {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final ExecutorService executor = Executors.newFixedThreadPool(3);
  private final ScheduledExecutorService renewer = Executors.newSingleThreadScheduledExecutor();

  @BeforeAll
  static void needsTools() {
    for (String tool : List.of("bash", "bwrap", "prlimit", "setsid")) {
      RequiredTool.assume(tool);
    }
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
    executor.shutdownNow();
    renewer.shutdownNow();
    await().atMost(SOON).until(() -> LeashIT.watchdogs(ProcessHandle.current()).isEmpty());
  }

  private Process sleeper() throws IOException {
    Process process = new ProcessBuilder("sleep", "100").start();
    processes.add(process);
    return process;
  }

  private static Watchdog watchdog() throws IOException {
    return Watchdog.start(CommandLine.onPath("bash").orElseThrow(), LIMIT);
  }

  private static void awaitEnd(Process process) {
    await().atMost(SOON).until(() -> !process.isAlive());
  }

  @Test
  void aNumberThatWasGivenToSomebodyElseIsSpared() throws IOException {
    Process victim = sleeper();
    Process innocent = sleeper();
    Process released = sleeper();
    Watchdog watchdog = watchdog();
    watchdog.tell("+1 " + victim.pid());
    watchdog.tell("+2 " + innocent.pid() + " 12345");
    watchdog.tell("+3 " + released.pid());
    watchdog.tell("-3");
    watchdog.tell("=");

    awaitEnd(victim);
    watchdog.end();
    await().atMost(SOON).until(() -> !watchdog.isAlive());

    assertThat(List.of(innocent, released)).allMatch(Process::isAlive);
  }

  @Test
  void nobodyIsKilledBeforeTheFirstRenewalAndNobodyAtNonsense() throws Exception {
    Process process = sleeper();
    Watchdog watchdog = watchdog();
    for (String line :
        List.of("+1 " + process.pid(), "", "nonsense", "+", "+x y", "-", "=x", "+2")) {
      watchdog.tell(line);
    }
    assertThat(process.waitFor(LIMIT.toMillis() + 500, TimeUnit.MILLISECONDS)).isFalse();

    watchdog.tell("=");
    awaitEnd(process);
    watchdog.end();
  }

  @Test
  void aRenewalThatWasAskedForLongAgoDoesNotCount() throws IOException {
    Watchdog watchdog = watchdog();
    watchdog.tell("=1"); // a hundredth of a second after this host was started
    Process late = sleeper();
    watchdog.tell("+1 " + late.pid());

    awaitEnd(late);
    watchdog.tell("=");
    Process next = sleeper();
    watchdog.tell("+2 " + next.pid());
    assertThat(next.isAlive()).isTrue();
    watchdog.end();
    awaitEnd(next);
  }

  @Test
  void theDoorIsOpenWheneverAnAttemptRegistersItself() throws IOException {
    Process sleeper = sleeper();
    Watchdog watchdog = watchdog();
    Path door = watchdog.door().orElseThrow();
    for (int i = 1; i <= 3_000; i++) {
      watchdog.tell("="); // it looks at the clock and, for the attempt, at the process
      try (OutputStream knock = Files.newOutputStream(door, StandardOpenOption.WRITE)) {
        knock.write(("+" + i + " " + sleeper.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
      }
      watchdog.tell("-" + i);
    }
    assertThat(sleeper.isAlive()).isTrue();
    watchdog.end();
    await().atMost(SOON).until(() -> !watchdog.isAlive());
    assertThat(sleeper.isAlive()).isTrue();
  }

  @Test
  void aHundredAttemptsLeaveNothingBehindAndNobodyElseIsKilled() throws IOException {
    Process innocent = sleeper();
    AgentManifest manifest = TestAgent.in(folder, "brief").script("echo 1").read();
    for (String name : List.of("process", "sandbox")) {
      AgentRuntime runtime = open(name, Duration.ofSeconds(30));
      runtime.leaseRenewed(System.nanoTime());
      await().atMost(SOON).until(() -> LeashIT.watchdogs(ProcessHandle.current()).size() == 1);
      ProcessHandle watchdog = LeashIT.watchdogs(ProcessHandle.current()).get(0);
      runAll(runtime, manifest, 20);
      long before = resident(watchdog.pid());

      runAll(runtime, manifest, 100);

      assertThat(resident(watchdog.pid()) - before).isLessThan(512);
      assertThat(LeashIT.watchdogs(ProcessHandle.current())).containsExactly(watchdog);
      assertThat(watchdog.children()).isEmpty();
      runtime.close();
      await().atMost(SOON).until(() -> !watchdog.isAlive());
    }
    assertThat(innocent.isAlive()).isTrue();
  }

  @Test
  void aWatchdogThatStandsStillHoldsUpNobodyAndIsReplacedWhenItsPipeIsFull() throws IOException {
    AgentManifest manifest = TestAgent.in(folder, "brief").script("echo 1").read();
    AgentRuntime runtime = open("process", Duration.ofSeconds(2));
    var renewing =
        renewer.scheduleAtFixedRate(
            () -> runtime.leaseRenewed(System.nanoTime()), 0, 50, TimeUnit.MILLISECONDS);
    await().atMost(SOON).until(() -> LeashIT.watchdogs(ProcessHandle.current()).size() == 1);
    ProcessHandle still = LeashIT.watchdogs(ProcessHandle.current()).get(0);

    LeashIT.signal("STOP", still.pid());
    runAll(runtime, manifest, 30);
    Thread filler = new Thread(() -> fill(Path.of("/proc/" + still.pid() + "/fd/0")), "filler");
    filler.setDaemon(true);
    filler.start();

    await().atMost(SOON).until(() -> replaced(still));
    runAll(runtime, manifest, 30);
    assertThat(renewing.isDone()).isFalse();
    runtime.close();
  }

  private static boolean replaced(ProcessHandle former) {
    List<ProcessHandle> now = LeashIT.watchdogs(ProcessHandle.current());
    return !now.isEmpty() && !now.contains(former);
  }

  /** Writes until nobody reads any more. */
  private static void fill(Path pipe) {
    try (OutputStream out = Files.newOutputStream(pipe, StandardOpenOption.WRITE)) {
      for (; ; ) {
        out.write("nonsense\n".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("pipe");
    }
  }

  private AgentRuntime open(String name, Duration leash) {
    RuntimeSettings settings =
        new RuntimeSettings(List.of(), List.of(), Secrets.NONE, 8, Clock.systemUTC(), leash);
    return name.equals("sandbox")
        ? new SandboxRuntime(settings, executor)
        : new ProcessRuntime(settings, executor);
  }

  private void runAll(AgentRuntime runtime, AgentManifest manifest, int count) {
    AttemptIdentity identity = new AttemptIdentity("r", "n", 1, "k", Optional.empty());
    AttemptRequest request =
        new AttemptRequest(manifest, Map.of(), folder, SOON, identity, LogSink.NONE);
    List<RunningAttempt> attempts =
        IntStream.range(0, count).mapToObj(i -> runtime.start(request)).toList();
    attempts.forEach(a -> assertThat(RuntimeContract.end(a)).isInstanceOf(Succeeded.class));
  }

  /** KiB of memory. */
  private static long resident(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
