package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One data directory through a server's life: started, doubled, killed, stopped, killed again. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServeProcessIT {
  private static final Logger LOG = LoggerFactory.getLogger(ServeProcessIT.class);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final long SEED = 20_261_121L;

  private static final String SLOW =
      """
      name: slow
      triggers:
        - alert: { match: { alertname: Load } }
      inputs:
        millis: { type: integer, default: 100 }
      nodes:
        before: { value: "${{ inputs.millis }}" }
        work:
          dependsOn: [before]
          agent: sleeper
          with: { millis: "${{ inputs.millis }}" }
        after: { dependsOn: [work], value: "${{ nodes.work.output.slept + 1 }}" }
        beside: { dependsOn: [before], value: beside }
        last: { dependsOn: [after, beside], value: "${{ nodes.after.output + 1 }}" }
      outputs: { last: "${{ nodes.last.output }}" }
      """;

  @TempDir static Path folder;

  private static int port;
  private static int metricsPort;
  private static ServeProcess server;

  @BeforeAll
  static void writeFiles() throws IOException {
    port = ServeProcess.freePort();
    metricsPort = ServeProcess.freePort();
    write("flows/slow.yaml", SLOW);
    write(
        "flows/once.yaml", SLOW.replace("name: slow", "name: once").replace("sleeper", "charger"));
    agent("sleeper", "idempotent");
    agent("charger", "once");
    write(
        "application.yml",
        """
        drover:
          port: 1
          routes: no-routes
          agents: programs
          agent-limits: { max-concurrent: 40 }
        """);
  }

  @AfterAll
  static void endProcesses() throws IOException {
    if (server != null) {
      server.close();
    }
    ServeProcess.stopPostgres(data());
  }

  @Test
  @Order(1)
  void settingsComeFromFileEnvironmentAndOptions() {
    server = serve();
    assertThat(ServeProcess.get(port, "/api/workflows").toString()).contains("once", "slow");
    assertThat(ServeProcess.get(port, "/api/agents").toString()).contains("charger", "sleeper");
    assertThat(ServeProcess.text(metricsPort, "/metrics")).contains("drover_runs_in_flight");
    assertThat(server.output()).contains("WITHOUT isolation"); // DROVER_RUNTIME
  }

  @Test
  @Order(2)
  void theEmbeddedDatabaseIsDurableAndAsksForItsPassword() {
    assertThat(database().sql("show fsync").query(String.class).single()).isEqualTo("on");
    assertThat(database().sql("show synchronous_commit").query(String.class).single())
        .isEqualTo("on");
    PGSimpleDataSource stranger = source();
    stranger.setPassword("");
    assertThatThrownBy(stranger::getConnection)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("requested SCRAM-based authentication");
    stranger.setPassword("postgres");
    assertThatThrownBy(stranger::getConnection).hasMessageContaining("authentication failed");
  }

  @Test
  @Order(3)
  void aSecondServerOnTheSameDataRefusesAndTheFirstGoesOn() {
    int other = ServeProcess.freePort();
    int otherMetrics = ServeProcess.freePort();
    try (ServeProcess second = start("--port", "" + other, "--metrics-port", "" + otherMetrics)) {
      assertThat(second.awaitExit(SOON)).isEqualTo(1);
      assertThat(second.output())
          .contains("is in use by another Drover: stop that one, or give this one a --data-dir")
          .doesNotContain("\tat ");
    }
    assertThat(server.isAlive()).isTrue();
    awaitSucceeded(List.of(run("slow", 1)));
  }

  @Test
  @Order(4)
  void runsInFlightSurviveAKill() {
    List<String> runs = new ArrayList<>();
    IntStream.range(0, 24).forEach(i -> runs.add(run("slow", 50 + 80 * i)));
    List<String> once = List.of(run("once", 1_800), run("once", 1_900), run("once", 20));
    await().atMost(SOON).until(() -> count("after", "SUCCEEDED") >= 8 && marksOf(once) == 3);
    server.kill();
    Map<String, List<String>> settled = nodes("SUCCEEDED");
    Map<String, List<String>> running = nodes("RUNNING");
    assertThat(running.values().stream().filter(List::isEmpty).count()).isZero();
    assertThat(running).hasSizeGreaterThan(4);
    long killed = System.nanoTime();

    server = serve();
    assertThat(server.output()).contains("Stopping the PostgreSQL that a killed Drover left");
    awaitSucceeded(runs);
    LOG.info("Recovered in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed));
    for (String run : runs) {
      boolean wasRunning = running.getOrDefault(run, List.of()).contains("work");
      assertThat(attempts(run, "work")).isEqualTo(wasRunning ? 2 : 1);
      if (settled.getOrDefault(run, List.of()).contains("work")) {
        assertThat(marks(run)).containsExactly(run + "/work 1");
      }
    }
    awaitEnded();
    for (String run : once) {
      boolean wasRunning = running.getOrDefault(run, List.of()).contains("work");
      assertThat(marks(run)).containsExactly(run + "/work 1");
      assertThat(state(run)).isEqualTo(wasRunning ? "FAILED" : "SUCCEEDED");
      if (wasRunning) {
        assertThat(ServeProcess.get(port, "/api/runs/" + run).toString()).contains("INTERRUPTED");
      }
    }
  }

  @Test
  @Order(5)
  void anOrderlyStopIsQuickAndItsRunsGoOnAtTheNextStart() {
    List<String> runs = new ArrayList<>();
    IntStream.range(0, 20).forEach(i -> runs.add(run("slow", i < 4 ? 10 : 3_000)));
    await().atMost(SOON).until(() -> marksOf(runs) == 20 && count("last", "SUCCEEDED") > 4);
    long begin = System.nanoTime();
    server.terminate();
    assertThat(server.awaitExit(Duration.ofSeconds(15))).isEqualTo(143);
    LOG.info("Stopped in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    assertThat(data().resolve("postgres/postmaster.pid")).doesNotExist();
    assertThat(server.output()).contains("Drover stops").doesNotContain("ERROR");

    server = serve();
    assertThat(server.output()).doesNotContain("killed Drover");
    awaitSucceeded(runs);
    assertThat(attempts(runs.get(0), "work")).isEqualTo(1);
    assertThat(attempts(runs.get(19), "work")).isEqualTo(2);
  }

  @Test
  @Order(6)
  void everyAcceptedRunEndsWhateverTheMomentOfAKill() {
    LOG.info("Kills at random moments, seed {}", SEED);
    Random random = new Random(SEED);
    List<String> accepted = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(25); // on a slow machine, fewer
    int rounds = 0;
    while (rounds < 5 && System.nanoTime() < deadline) {
      int round = rounds++;
      ServeProcess.post(port, "/api/webhooks/alertmanager", alerts(round, 40), 202);
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(900));
      while (System.nanoTime() < end) {
        accepted.add(run("slow", random.nextInt(400)));
      }
      server.kill();
      LOG.info("Killed in round {} with {} runs accepted", round, accepted.size());
      server = serve();
    }
    awaitSucceeded(accepted);
    awaitEnded();
    String ofAlerts =
        "select count(*) from run where trigger->>'type' = 'alert' and workflow = 'slow'";
    assertThat(database().sql(ofAlerts + " and state = 'SUCCEEDED'").query(Integer.class).single())
        .isEqualTo(40 * rounds);
  }

  @Test
  @Order(7)
  void theDemoShowsItsRunUntilItEnds() {
    server.terminate();
    server.awaitExit(Duration.ofSeconds(15));
    String[] options = {
      "--demo", "--port", "" + port, "--metrics-port", "" + metricsPort, "--data-dir", "" + data()
    };
    server = ServeProcess.start(ServeProcess.home(), Map.of(), options);
    server.awaitReady().awaitOutput("demo: look at it again");
    assertThat(server.output())
        .contains("demo: posted alert SourceChanged")
        .contains("demo: node scan-node is SUCCEEDED")
        .contains("demo: node notify-node is SUCCEEDED")
        .containsPattern("demo: run \\S+ SUCCEEDED: nodes: 2 succeeded")
        .contains("\"critical\" : 4");
    assertThat(ServeProcess.get(port, "/api/workflows").toString())
        .contains("scan-and-notify", "diamond", "n-shape")
        .doesNotContain("name=slow"); // its file is not in this folder
  }

  private static ServeProcess serve() {
    long begin = System.nanoTime();
    ServeProcess started = start("--port", "" + port).awaitReady();
    LOG.info("Ready in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    return started;
  }

  private static ServeProcess start(String... options) {
    return ServeProcess.start(
        folder,
        Map.of(
            "DROVER_PORT",
            "2",
            "DROVER_METRICS_PORT",
            "" + metricsPort,
            "DROVER_DATA_DIR",
            data().toString(),
            "DROVER_WORKFLOWS",
            "../" + folder.getFileName() + "/flows",
            "DROVER_RUNTIME",
            "process"),
        options);
  }

  private static String run(String workflow, int millis) {
    Map<String, Object> body = Map.of("inputs", Map.of("millis", millis));
    String path = "/api/workflows/" + workflow + "/runs";
    return String.valueOf(ServeProcess.post(port, path, body, 202).get("id"));
  }

  private static Object alerts(int round, int count) {
    List<Object> alerts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      alerts.add(
          Map.of(
              "status", "firing",
              "labels", Map.of("alertname", "Load", "instance", round + "-" + i),
              "annotations", Map.of(),
              "startsAt", "2026-11-21T18:00:00Z",
              "endsAt", "0001-01-01T00:00:00Z"));
    }
    return Map.of(
        "version",
        "4",
        "groupKey",
        "{}",
        "receiver",
        "drover",
        "status",
        "firing",
        "alerts",
        alerts);
  }

  private static void awaitSucceeded(List<String> runs) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () ->
                assertThat(runs.stream().filter(run -> !state(run).equals("SUCCEEDED")).toList())
                    .isEmpty());
  }

  private static void awaitEnded() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        database()
                            .sql("select id from run where ended_at is null")
                            .query(String.class)
                            .list())
                    .isEmpty());
  }

  private static String state(String run) {
    return database()
        .sql("select state from run where id = cast(:run as uuid)")
        .param("run", run)
        .query(String.class)
        .single();
  }

  private static int attempts(String run, String node) {
    return database()
        .sql("select attempts from node_run where run = cast(:run as uuid) and node_id = :node")
        .param("run", run)
        .param("node", node)
        .query(Integer.class)
        .single();
  }

  private static int count(String node, String state) {
    return database()
        .sql("select count(*) from node_run where node_id = :node and state = :state")
        .param("node", node)
        .param("state", state)
        .query(Integer.class)
        .single();
  }

  /** Nodes in a state, by run. */
  private static Map<String, List<String>> nodes(String state) {
    return database()
        .sql("select run, node_id from node_run where state = :state")
        .param("state", state)
        .query((row, n) -> Map.entry(row.getString("run"), row.getString("node_id")))
        .list()
        .stream()
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
  }

  /** What the agents of a run noted when they began. */
  private static List<String> marks(String run) {
    Path marks = folder.resolve("marks");
    try {
      return Files.exists(marks)
          ? Files.readAllLines(marks).stream().filter(line -> line.startsWith(run)).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long marksOf(List<String> runs) {
    return runs.stream().filter(run -> !marks(run).isEmpty()).count();
  }

  private static JdbcClient database() {
    return JdbcClient.create(source());
  }

  private static PGSimpleDataSource source() {
    try {
      PGSimpleDataSource source = new PGSimpleDataSource();
      List<String> note = Files.readAllLines(data().resolve("postgres/postmaster.pid"));
      source.setPortNumbers(new int[] {Integer.parseInt(note.get(3).strip())});
      source.setServerNames(new String[] {"127.0.0.1"});
      source.setDatabaseName("postgres");
      source.setUser("postgres");
      source.setPassword(Files.readString(data().resolve("postgres.password")));
      return source;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path data() {
    return folder.resolve("data");
  }

  private static void agent(String name, String effect) throws IOException {
    write(
        "programs/" + name + "/agent.yaml",
        """
        name: %s
        command: [sh, run.sh]
        input: { type: object, properties: { millis: { type: integer } } }
        output: { type: object, required: [slept] }
        effect: %s
        env: { MARKS: "%s" }
        """
            .formatted(name, effect, folder.resolve("marks")));
    write(
        "programs/" + name + "/run.sh",
        """
        read input
        echo "$DROVER_IDEMPOTENCY_KEY $DROVER_ATTEMPT" >> "$MARKS"
        millis=$(echo "$input" | tr -dc 0-9)
        sleep $(printf '%d.%03d' $((millis / 1000)) $((millis % 1000)))
        echo "{\\"slept\\": $millis}"
        """);
  }

  private static void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
