package dev.drover.journal;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL that lives in the data directory, for machines without one. It is as durable as
 * any (fsync on), asks for a password that only this folder knows, and survives restarts.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String USER = "postgres";
  private static final Duration STARTUP = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;
  private final String password;

  private EmbeddedDatabase(EmbeddedPostgres server, String password) {
    this.server = server;
    this.password = password;
  }

  /**
   * Starts the server in its folder; one that a killed Drover left behind is stopped first.
   *
   * @throws NotStarted if it does not start; the message says what PostgreSQL said
   */
  public static EmbeddedDatabase start(DataDirectory directory) throws NotStarted {
    try {
      return startIn(directory.path());
    } catch (IOException | RuntimeException | ExceptionInInitializerError e) {
      throw new NotStarted(directory.path(), e); // the Error is how it fails to unpack itself
    }
  }

  /** The embedded PostgreSQL does not start. */
  public static final class NotStarted extends IOException {
    private static final long serialVersionUID = 1L;

    NotStarted(Path directory, Throwable cause) {
      super("the embedded PostgreSQL in " + directory + " does not start: " + reason(cause), cause);
    }
  }

  private static String reason(Throwable failure) {
    Throwable last = failure;
    while (last.getMessage() == null && last.getCause() != null) {
      last = last.getCause();
    }
    return String.valueOf(last.getMessage());
  }

  private static EmbeddedDatabase startIn(Path directory) throws IOException {
    ClusterFolder cluster = new ClusterFolder(directory);
    Optional<OrphanedPostgres> orphan = OrphanedPostgres.find(cluster.path());
    if (orphan.isPresent()) {
      orphan.get().stop();
    }
    Optional<String> known = cluster.prepare();
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(cluster.binaries().toFile())
            .setDataDirectory(cluster.path().toFile())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(STARTUP)
            .setServerConfig("fsync", "on")
            // One system call a commit instead of two; elsewhere than on Linux the default.
            .setServerConfig("wal_sync_method", "open_datasync")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "100");
    known.ifPresent(password -> builder.setConnectConfig("password", password));
    EmbeddedPostgres server = builder.start();
    return new EmbeddedDatabase(
        server, known.isPresent() ? known.get() : setPassword(server, cluster));
  }

  /** Where JDBC finds it. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
  }

  /** Who may connect. */
  public String user() {
    return USER;
  }

  /** The password that was made when the folder was. */
  public String password() {
    return password;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private static String setPassword(EmbeddedPostgres server, ClusterFolder cluster)
      throws IOException {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      // Hexadecimal digits alone: there is nothing to quote. ALTER ROLE takes no parameters.
      statement.execute("alter role postgres password '" + password + "'");
      cluster.keepPassword(password);
      cluster.askForPasswords();
      statement.execute("select pg_reload_conf()");
    } catch (SQLException e) {
      throw new IOException("the embedded PostgreSQL could not be given a password", e);
    }
    LOG.atInfo().log("A new embedded PostgreSQL was made");
    return password;
  }
}
