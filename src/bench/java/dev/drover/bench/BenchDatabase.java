package dev.drover.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.drover.journal.DataDirectory;
import dev.drover.journal.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The embedded PostgreSQL as Drover starts it (fsync on), with databases for one program. */
final class BenchDatabase implements AutoCloseable {
  private final DataDirectory directory;
  private final EmbeddedDatabase server;
  private final List<HikariDataSource> pools = new ArrayList<>();

  private BenchDatabase(DataDirectory directory, EmbeddedDatabase server) {
    this.directory = directory;
    this.server = server;
  }

  static BenchDatabase start() throws IOException {
    DataDirectory directory = DataDirectory.take(Files.createTempDirectory("drover-bench"));
    return new BenchDatabase(directory, EmbeddedDatabase.start(directory));
  }

  /** An empty, migrated database of its own on the one server. */
  HikariDataSource create(String name) {
    try (HikariDataSource postgres = pool("postgres")) {
      JdbcClient.create(postgres).sql("create database " + name).update();
    }
    HikariDataSource pool = pool(name);
    pools.add(pool);
    Flyway.configure().dataSource(pool).load().migrate();
    return pool;
  }

  private HikariDataSource pool(String name) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url(name));
    config.setUsername(user());
    config.setPassword(password());
    config.setMaximumPoolSize(70); // a bare program needs one for each caller
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  String url(String name) {
    return server.url().replaceFirst("/postgres$", "/" + name);
  }

  String user() {
    return server.user();
  }

  String password() {
    return server.password();
  }

  @Override
  public void close() throws IOException {
    pools.forEach(HikariDataSource::close);
    server.close();
    directory.close();
  }
}
