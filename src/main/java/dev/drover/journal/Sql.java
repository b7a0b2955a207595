package dev.drover.journal;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/** Runs statements on a connection of their own, and translates what goes wrong. */
final class Sql {
  private static final SQLExceptionTranslator TRANSLATOR = new SQLStateSQLExceptionTranslator();

  private Sql() {}

  /** Something to do with a connection. */
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /** Each statement by itself. */
  static <T> T on(DataSource database, Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.with(connection);
    } catch (SQLException e) {
      throw translate(e);
    }
  }

  /** All or nothing. */
  static <T> T inTransaction(DataSource database, Work<T> work) {
    return on(
        database,
        connection -> {
          connection.setAutoCommit(false);
          try {
            T result = work.with(connection);
            connection.commit();
            return result;
          } catch (SQLException | RuntimeException | Error e) {
            connection.rollback();
            throw e;
          }
        });
  }

  static RuntimeException translate(SQLException e) {
    RuntimeException translated = TRANSLATOR.translate("journal", null, e);
    return translated == null ? new IllegalStateException(e) : translated;
  }
}
