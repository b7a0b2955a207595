package dev.drover.journal;

import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Small transactions in which no table is read as a whole: what housekeeping takes from a large
 * table is always a small part, whatever the statistics of the moment make the planner think.
 */
final class ByIndex {
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  ByIndex(DataSource database) {
    this.jdbc = JdbcClient.create(database);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
  }

  /** For statements within {@link #get}, and for those of small tables. */
  JdbcClient jdbc() {
    return jdbc;
  }

  <T> T get(Supplier<T> statements) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              jdbc.sql("set local enable_seqscan = off").update();
              return statements.get();
            }));
  }
}
