package dev.drover.agent;

import static dev.drover.agent.RuntimeContract.SOON;
import static dev.drover.agent.RuntimeContract.living;
import static dev.drover.agent.RuntimeContract.mark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents end with their server's lease, whatever becomes of the server. */
class LeashIT {
  /** What {@link LeashedServer} is set up with. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path folder;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private Process server;
  private Writer orders;

  @BeforeAll
  static void needsTools() {
    for (String tool : List.of("bash", "bwrap", "prlimit", "setsid")) {
      RequiredTool.assume(tool);
    }
  }

  private void openServer(String runtime) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classpath = System.getProperty("java.class.path");
    ProcessBuilder builder =
        new ProcessBuilder(java, "-cp", classpath, LeashedServer.class.getName(), runtime);
    try {
      server = builder.redirectError(Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    orders = new OutputStreamWriter(server.getOutputStream(), StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "server's words");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader words =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      words.lines().forEach(told::add);
    } catch (IOException | UncheckedIOException e) {
      told.add("closed: " + e);
    }
  }

  @AfterEach
  void closeServer() {
    if (server != null) {
      server.destroyForcibly();
    }
  }

  private void order(String text) {
    try {
      orders.write(text + "\n");
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an agent that sleeps for {@code mark} seconds, and waits until it does. */
  private void startAgent(String name, String mark) {
    order("start " + TestAgent.in(folder, name).script("echo up >&2", "sleep " + mark).write());
    await().atMost(SOON).until(() -> told.contains("log " + name + " up") && living(mark) > 0);
  }

  private void renew() {
    order("renew");
    await().atMost(SOON).until(() -> watchdogs(server.toHandle()).size() == 1);
  }

  static List<ProcessHandle> watchdogs(ProcessHandle server) {
    return server.children().filter(child -> isWatchdog(child.pid())).toList();
  }

  private static boolean isWatchdog(long pid) {
    return RuntimeContract.commandLine(Path.of("/proc/" + pid)).contains("drover-leash");
  }

  static void signal(String name, long pid) {
    try {
      assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Duration untilGone(String mark) {
    long from = System.nanoTime();
    await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> living(mark) == 0);
    return Duration.ofNanos(System.nanoTime() - from);
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "sandbox"})
  void aServerThatStandsStillLosesItsAgentsBeforeItsLease(String runtime) {
    openServer(runtime);
    String early = mark();
    startAgent("early", early);
    renew();
    String late = mark();
    startAgent("late", late);

    signal("STOP", server.pid());
    Duration gone = untilGone(early);
    gone = gone.plus(untilGone(late));
    assertThat(gone).isBetween(LIMIT.minusMillis(500), LIMIT.plus(SECOND));
    signal("CONT", server.pid());

    await().atMost(SOON).until(() -> told.stream().anyMatch(l -> l.startsWith("end early")));
    await().atMost(SOON).until(() -> told.stream().anyMatch(l -> l.startsWith("end late")));
    assertThat(told).filteredOn(l -> l.startsWith("end")).allMatch(l -> l.contains("LEASE_LOST"));
    String next = mark();
    startAgent("next", next);
    assertThat(living(next)).isPositive();
    assertThat(watchdogs(server.toHandle())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "sandbox"})
  void aServerThatIsKilledTakesItsAgentsWithIt(String runtime) {
    openServer(runtime);
    String early = mark();
    startAgent("early", early);
    renew();
    String late = mark();
    startAgent("late", late);
    long watchdog = watchdogs(server.toHandle()).get(0).pid();

    signal("KILL", server.pid());

    assertThat(untilGone(early).plus(untilGone(late))).isLessThan(SECOND);
    await().atMost(SOON).until(() -> !isWatchdog(watchdog));
  }

  @Test
  void anAgentEndsWhenRenewalsStayAwayWhateverSignalsTheServersGroupGot() {
    openServer("sandbox");
    renew();
    String mark = mark();
    startAgent("agent", mark);
    long watchdog = watchdogs(server.toHandle()).get(0).pid();
    List.of("TERM", "INT", "HUP", "QUIT", "TSTP").forEach(name -> signal(name, watchdog));

    order("pause");

    assertThat(untilGone(mark)).isLessThan(LIMIT.plus(SECOND));
    await().atMost(SOON).until(() -> told.stream().anyMatch(l -> l.startsWith("end agent")));
    assertThat(told.get(told.size() - 1)).contains("LEASE_LOST", "could not renew its lease");
    assertThat(watchdogs(server.toHandle())).extracting(ProcessHandle::pid).contains(watchdog);
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "sandbox"})
  void aWarmProcessEndsWithTheLeaseAlsoWhereItHasNothingToDo(String runtime) {
    openServer(runtime);
    renew();
    String mark = mark();
    Path idle =
        TestAgent.in(folder, "idle")
            .with("warm: true")
            .command("[sh, run.sh, \"" + mark + "\"]")
            .script("while read -r line; do echo '{\"output\":1}'; done")
            .write();
    order("start " + idle);
    await().atMost(SOON).until(() -> told.contains("end idle Succeeded"));
    assertThat(living(mark)).isPositive();

    signal("STOP", server.pid());
    assertThat(untilGone(mark)).isBetween(LIMIT.minusMillis(500), LIMIT.plus(SECOND));
    signal("CONT", server.pid());

    order("start " + idle);
    await()
        .atMost(SOON)
        .until(() -> told.stream().filter("end idle Succeeded"::equals).count() == 2);
  }

  @Test
  void whatHasLeftTheAgentsSessionAndPipesEndsToo() {
    openServer("process");
    renew();
    String mark = mark();
    String daemon = "setsid sleep " + mark + " >/dev/null 2>&1 </dev/null &";
    Path agent =
        TestAgent.in(folder, "agent")
            .script("sh -c '" + daemon + " sleep 0.5'", "echo up >&2", "sleep 100")
            .write();
    order("start " + agent);
    await().atMost(SOON).until(() -> told.contains("log agent up") && living(mark) > 0);

    signal("KILL", server.pid());

    assertThat(untilGone(mark)).isLessThan(SECOND);
  }

  @Test
  void aWatchdogThatWasKilledIsReplacedAndKnowsWhatRuns() {
    openServer("process");
    renew();
    String mark = mark();
    startAgent("agent", mark);
    ProcessHandle first = watchdogs(server.toHandle()).get(0);

    signal("KILL", first.pid());
    await()
        .atMost(SOON)
        .until(() -> watchdogs(server.toHandle()).stream().anyMatch(w -> !w.equals(first)));
    assertThat(living(mark)).isPositive();
    order("pause");

    assertThat(untilGone(mark)).isLessThan(LIMIT.plus(SECOND));
  }
}
