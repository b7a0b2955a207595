package dev.drover.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.chaos.PostgresProcess;
import dev.drover.cli.ServeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The real program with the ten workflows, on a PostgreSQL that writes to disk. */
final class LoadServer implements AutoCloseable {
  static final List<String> WORKFLOWS =
      List.of(
          "diamond",
          "n-shape",
          "for-each",
          "retried",
          "parent",
          "child",
          "chain",
          "handled",
          "routed",
          "paused");

  private final PostgresProcess database;
  private final SingleConnectionDataSource connection;
  private final JdbcClient jdbc;
  private final int port;
  private final ServeProcess process;
  private final Set<UUID> opened = ConcurrentHashMap.newKeySet();
  private final Set<UUID> ended = new HashSet<>();

  private LoadServer(PostgresProcess database, int port, ServeProcess process) {
    this.database = database;
    this.port = port;
    this.process = process;
    this.connection = new SingleConnectionDataSource(database.url(), "postgres", "", true);
    this.jdbc = JdbcClient.create(connection);
  }

  /** Starts it in an empty folder. */
  static LoadServer start(Path folder) throws IOException {
    copyFiles(folder);
    PostgresProcess database =
        PostgresProcess.create(folder.resolve("postgres"), folder.resolve("postgres.log"));
    int port = ServeProcess.freePort();
    ServeProcess process =
        ServeProcess.start(
            folder,
            Map.of("DROVER_DB_URL", database.url(), "DROVER_DB_USER", "postgres"),
            "--port",
            String.valueOf(port),
            "--metrics-port",
            "0",
            "--runtime",
            "sandbox",
            "--workflows",
            "flows",
            "--agents",
            "programs");
    return new LoadServer(database, port, process);
  }

  private static void copyFiles(Path to) throws IOException {
    Path from = ServeProcess.home().resolve("src/test/resources/load");
    String script = Files.readString(from.resolve("programs/run.sh"));
    Files.createDirectories(to.resolve("routes"));
    Files.copy(
        from.resolve("inventory.camel.yaml"), to.resolve("routes").resolve("inventory.camel.yaml"));
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(f -> f.getFileName().toString().endsWith(".yaml")).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, Files.readString(file));
        if (copy.endsWith("agent.yaml")) {
          Files.writeString(copy.resolveSibling("run.sh"), script);
        }
      }
    }
  }

  /** Each workflow once, so that classes are loaded; what that took does not count. */
  void warmUp() {
    process.awaitReady();
    WORKFLOWS.forEach(w -> process.awaitOutput("workflow=\"default/" + w + "@1\""));
    try (LoadLevel once = new LoadLevel(this, WORKFLOWS.size())) {
      once.run(Duration.ZERO);
    }
  }

  /** Starts a run. */
  UUID open(String workflow) {
    String path = "/api/workflows/" + workflow + "/runs?project=default";
    String host = "db-" + opened.size();
    Map<String, Object> run =
        ServeProcess.post(port, path, Map.of("inputs", Map.of("host", host)), 202);
    UUID id = UUID.fromString(String.valueOf(run.get("id")));
    assertThat(opened.add(id)).as("a run of its own").isTrue();
    return id;
  }

  /** Those of the runs that have ended, and how long they took from being opened. */
  Map<UUID, Duration> ended(Collection<UUID> runs) {
    Map<UUID, Duration> took = new HashMap<>();
    jdbc.sql("select id, created_at, ended_at from run where id = any(?) and ended_at is not null")
        .param(runs.toArray(UUID[]::new))
        .query(
            row -> {
              took.put(
                  row.getObject("id", UUID.class),
                  Duration.between(
                      row.getObject("created_at", OffsetDateTime.class),
                      row.getObject("ended_at", OffsetDateTime.class)));
            });
    ended.addAll(took.keySet());
    return took;
  }

  Set<UUID> opened() {
    return opened;
  }

  Set<UUID> ended() {
    return ended;
  }

  /** How many runs there are in each state. */
  Map<String, Long> states() {
    Map<String, Long> states = new HashMap<>();
    jdbc.sql("select state, count(*) as runs from run group by state")
        .query(
            row -> {
              states.put(row.getString("state"), row.getLong("runs"));
            });
    return states;
  }

  /** Why the first runs that did not succeed did not. */
  List<String> failures() {
    return jdbc.sql(
            "select workflow || ': ' || reason from run where state <> 'SUCCEEDED' order by id limit 5")
        .query(String.class)
        .list();
  }

  /** How many runs there are, those that others opened too. */
  long all() {
    return jdbc.sql("select count(*) from run").query(Long.class).single();
  }

  @Override
  public void close() {
    connection.destroy();
    process.close();
    database.close();
  }
}
