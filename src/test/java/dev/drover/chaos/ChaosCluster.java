package dev.drover.chaos;

import static org.awaitility.Awaitility.await;

import dev.drover.agent.SandboxRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two servers on one PostgreSQL, in {@code target/chaos}: one runs its agents in the sandbox where
 * there is one, the other as plain processes.
 */
final class ChaosCluster implements AutoCloseable {
  private static final Duration STARTED = Duration.ofMinutes(2);

  private final Path folder;
  private final Ledger ledger;
  private final PostgresProcess database;
  private final List<Replica> replicas;
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(3);

  private ChaosCluster(Path folder) throws IOException {
    this.folder = folder;
    Path work = folder.resolve("work");
    this.ledger = Ledger.create(work.resolve("books"));
    copyFiles(Replica.home().resolve("src/test/resources/chaos"), work, ledger.folder());
    Files.createDirectories(work.resolve("routes"));
    this.database =
        PostgresProcess.create(folder.resolve("postgres"), folder.resolve("postgres.log"));
    String isolated = SandboxRuntime.unavailable().isEmpty() ? "sandbox" : "process";
    this.replicas = List.of(replica("a", "process"), replica("b", isolated));
  }

  /** Starts everything; returns when both servers are ready. */
  static ChaosCluster start() throws IOException {
    Path folder = Replica.home().resolve("target/chaos");
    delete(folder);
    Files.createDirectories(folder);
    ChaosCluster cluster = new ChaosCluster(folder);
    cluster.replicas.forEach(Replica::start);
    cluster.awaitReady();
    return cluster;
  }

  void awaitReady() {
    await()
        .atMost(STARTED)
        .pollInterval(Duration.ofMillis(100))
        .failFast("a server does not start; see " + folder, this::isHopeless)
        .until(() -> replicas.stream().allMatch(Replica::isReady));
  }

  /** Whether a server has only ever failed to start. */
  private boolean isHopeless() {
    return replicas.stream().anyMatch(r -> r.starts().isEmpty() && r.exits().size() > 2);
  }

  /** Whether a delivery is in the database; false while that is away. */
  boolean isStored(UUID delivery) {
    try {
      return JdbcClient.create(database.dataSource())
          .sql("select exists (select from delivery where id = :id)")
          .param("id", delivery)
          .query(Boolean.class)
          .single();
    } catch (DataAccessException e) {
      return false;
    }
  }

  /** Where the servers' logs are. */
  Path folder() {
    return folder;
  }

  Ledger ledger() {
    return ledger;
  }

  PostgresProcess database() {
    return database;
  }

  List<Replica> replicas() {
    return replicas;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  private Replica replica(String name, String runtime) {
    return new Replica(
        name,
        folder.resolve("work"),
        folder.resolve("replica-" + name + ".log"),
        timer,
        "--data-dir",
        folder.resolve("data-" + name).toString(),
        "--db-url",
        database.url(),
        "--db-user",
        "postgres",
        "--workflows",
        "flows",
        "--agents",
        "programs",
        "--routes",
        "routes",
        "--runtime",
        runtime);
  }

  /** The workflows and agents, with the place of the agents' books put in. */
  private static void copyFiles(Path from, Path to, Path books) throws IOException {
    String script = Files.readString(from.resolve("programs/run.sh"));
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, Files.readString(file).replace("@BOOKS@", books.toString()));
        if (copy.endsWith("agent.yaml")) {
          Files.writeString(copy.resolveSibling("run.sh"), script);
        }
      }
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    replicas.forEach(Replica::close);
    timer.shutdownNow();
    database.close();
  }
}
