package dev.drover;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A real, migrated PostgreSQL database of a test's own. One server runs for all tests of a JVM;
 * each database is a copy of a template that was migrated once, which takes some 50 ms.
 */
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String name;
  private final HikariDataSource dataSource;

  private TestDatabase(String name) {
    this.name = name;
    this.dataSource = pool(name, 8);
  }

  /** A fresh database with the journal's schema. */
  public static TestDatabase create() {
    String name = "test_" + NUMBER.incrementAndGet();
    administrate("create database " + name + " template drover_template");
    return new TestDatabase(name);
  }

  /** The pool that the test works with; it gives up on getting a connection after 2 seconds. */
  public HikariDataSource dataSource() {
    return dataSource;
  }

  /** For arranging and asserting. */
  public JdbcClient jdbc() {
    return JdbcClient.create(dataSource);
  }

  /** For code that makes its own pool; user and password are {@code postgres}. */
  public String url() {
    return Server.POSTGRES.getJdbcUrl("postgres", name);
  }

  /** Cuts all connections; nobody can connect until {@link #comeBack}. */
  public void goAway() {
    administrate("alter database " + name + " allow_connections false");
    terminate("");
  }

  /** Lets connections in again. */
  public void comeBack() {
    administrate("alter database " + name + " allow_connections true");
  }

  /**
   * Does something while PostgreSQL is stopped as it is, for all databases: connections stay,
   * nothing answers.
   */
  public static void whileFrozen(Runnable work) {
    long postmaster = Server.pid();
    List<String> processes = new ArrayList<>(List.of(Long.toString(postmaster)));
    ProcessHandle.of(postmaster)
        .orElseThrow()
        .descendants()
        .forEach(process -> processes.add(Long.toString(process.pid())));
    signal("-STOP", processes);
    try {
      work.run();
    } finally {
      signal("-CONT", processes);
    }
  }

  private static void signal(String signal, List<String> processes) {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    command.addAll(processes);
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor(); // some may be gone
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Kills the server processes whose transactions are open. */
  public void terminateOpenTransactions() {
    terminate(" and state like 'idle in transaction%'");
  }

  /** How many server processes wait for a lock. */
  public int waitingForLocks() {
    try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = '"
                    + name
                    + "'")) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    dataSource.close();
    administrate("drop database " + name + " with (force)");
  }

  private void terminate(String which) {
    administrate(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
            + name
            + "'"
            + which);
  }

  private static HikariDataSource pool(String database, int size) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(Server.POSTGRES.getJdbcUrl("postgres", database));
    config.setUsername("postgres");
    config.setPassword("postgres");
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(2_000);
    return new HikariDataSource(config);
  }

  private static void administrate(String sql) {
    try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Started by the first test that asks; the JVM's end stops it. */
  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private Server() {}

    static long pid() {
      try (Connection connection = POSTGRES.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement();
          var rows = statement.executeQuery("show data_directory")) {
        rows.next();
        Path file = Path.of(rows.getString(1), "postmaster.pid");
        return Long.parseLong(Files.readAllLines(file).get(0).strip());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
        try (Connection connection = server.getPostgresDatabase().getConnection();
            Statement statement = connection.createStatement()) {
          statement.execute("create database drover_template");
        }
        Flyway.configure()
            .dataSource(server.getJdbcUrl("postgres", "drover_template"), "postgres", "postgres")
            .locations("classpath:db/migration")
            .load()
            .migrate();
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
