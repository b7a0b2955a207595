package dev.drover.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.drover.journal.DataDirectory;
import dev.drover.journal.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The embedded PostgreSQL as Drover starts it (fsync on), migrated, for one program. */
final class BenchDatabase implements AutoCloseable {
  private final DataDirectory directory;
  private final EmbeddedDatabase server;
  private final HikariDataSource pool;

  private BenchDatabase(DataDirectory directory, EmbeddedDatabase server) {
    this.directory = directory;
    this.server = server;
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url());
    config.setUsername(server.user());
    config.setPassword(server.password());
    config.setMaximumPoolSize(70); // a bare program needs one for each caller
    config.setMinimumIdle(0);
    this.pool = new HikariDataSource(config);
  }

  static BenchDatabase start() throws IOException {
    DataDirectory directory = DataDirectory.take(Files.createTempDirectory("drover-bench"));
    BenchDatabase database = new BenchDatabase(directory, EmbeddedDatabase.start(directory));
    Flyway.configure().dataSource(database.pool).load().migrate();
    return database;
  }

  HikariDataSource pool() {
    return pool;
  }

  JdbcClient jdbc() {
    return JdbcClient.create(pool);
  }

  String url() {
    return server.url();
  }

  String user() {
    return server.user();
  }

  String password() {
    return server.password();
  }

  @Override
  public void close() throws IOException {
    pool.close();
    server.close();
    directory.close();
  }
}
