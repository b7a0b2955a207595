package dev.drover.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL that belongs to no Drover, as durable as any, to be killed and started again. */
public final class PostgresProcess implements AutoCloseable {
  private final Path cluster;
  private final Path log;
  private final Path control;
  private final int port;

  private PostgresProcess(Path cluster, Path log, Path control, int port) {
    this.cluster = cluster;
    this.log = log;
    this.control = control;
    this.port = port;
  }

  /** Makes a cluster in the folder and starts its server. */
  public static PostgresProcess create(Path cluster, Path log) throws IOException {
    EmbeddedPostgres first =
        EmbeddedPostgres.builder().setDataDirectory(cluster).setCleanDataDirectory(false).start();
    long pid = Long.parseLong(Files.readAllLines(cluster.resolve("postmaster.pid")).get(0));
    String program = ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow();
    first.close();
    PostgresProcess process =
        new PostgresProcess(cluster, log, Path.of(program).resolveSibling("pg_ctl"), freePort());
    process.start();
    return process;
  }

  void start() {
    control(
        "start",
        "-l",
        log.toString(),
        "-o",
        "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''");
  }

  /** As if its machine had lost power: no checkpoint, no farewell to its clients. */
  void stopAtOnce() {
    control("stop", "-m", "immediate");
  }

  void restartAtOnce() {
    control("restart", "-m", "immediate", "-l", log.toString());
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** For looking at it; every connection is a new one. */
  public DataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url());
    source.setUser("postgres");
    source.setConnectTimeout(2);
    source.setSocketTimeout(30);
    return source;
  }

  private void control(String verb, String... options) {
    List<String> words = new ArrayList<>();
    if (Command.isRoot()) {
      words.addAll(List.of("unshare", "-U"));
    }
    words.addAll(List.of(control.toString(), "-D", cluster.toString(), "-w", "-t", "60"));
    words.addAll(List.of(options));
    words.add(verb);
    int code = Command.run(log, words);
    if (code != 0) {
      throw new IllegalStateException(words + " ended with " + code + "; see " + log);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (Files.exists(cluster.resolve("postmaster.pid"))) {
      stopAtOnce();
    }
  }
}
