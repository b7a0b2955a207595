package dev.drover.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.drover.journal.DataDirectory;
import dev.drover.journal.EmbeddedDatabase;
import java.io.IOException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;

/** The database: embedded in the data directory, or where the settings say. */
@Configuration(proxyBeanMethods = false)
class DatabaseWiring {
  /** Case 28 of the alert rules: without the database, callers hear so within five seconds. */
  private static final int CONNECT_MILLIS = 3_000;

  @Bean
  DataDirectory dataDirectory(Settings settings) throws IOException {
    return DataDirectory.take(settings.dataDir());
  }

  @Bean
  @ConditionalOnExpression("'${drover.db-url:}'.isEmpty()")
  EmbeddedDatabase embeddedDatabase(DataDirectory directory) throws IOException {
    return EmbeddedDatabase.start(directory);
  }

  @Bean(destroyMethod = "close")
  HikariDataSource dataSource(
      Settings settings, org.springframework.beans.factory.ObjectProvider<EmbeddedDatabase> own) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("drover");
    EmbeddedDatabase embedded = own.getIfAvailable();
    if (embedded != null) {
      config.setJdbcUrl(embedded.url());
      config.setUsername(embedded.user());
      config.setPassword(embedded.password());
    } else {
      config.setJdbcUrl(settings.dbUrl());
      config.setUsername(settings.dbUser());
      config.setPassword(settings.dbPassword());
    }
    config.setMaximumPoolSize(12);
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setValidationTimeout(2_000);
    config.addDataSourceProperty("ApplicationName", "drover");
    config.addDataSourceProperty("logServerErrorDetail", "false"); // it quotes rows
    config.addDataSourceProperty("socketTimeout", "30");
    config.addDataSourceProperty("connectTimeout", "3");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    // A server that stands still in a transaction must not keep others from taking its runs up.
    config.addDataSourceProperty("options", "-c idle_in_transaction_session_timeout=5s");
    return connect(config);
  }

  private static HikariDataSource connect(HikariConfig config) {
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) { // also: no driver for such a URL
      throw new UnreachableDatabase(
          config.getJdbcUrl(), NestedExceptionUtils.getMostSpecificCause(e));
    }
  }

  /** Migrated before anything reads it. */
  @Bean
  Flyway flyway(DataSource database) {
    Flyway flyway = Flyway.configure().dataSource(database).load();
    flyway.migrate();
    return flyway;
  }
}
