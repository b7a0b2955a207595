package dev.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several statements that travel to the database in one message, and their answers in one back: a
 * round trip costs two switches between processes, which is more than most statements take. On a
 * connection in auto-commit mode they are one transaction, its commit included.
 */
final class RoundTrip {
  private final List<Part<?>> parts = new ArrayList<>();

  /** Binds the parameters of a statement, in their order. */
  interface Binding<R> {
    void bind(Columns<R> columns) throws SQLException;
  }

  /** Reads the rows that a statement returns; may be told of them and the transaction yet fail. */
  interface Reading {
    void read(ResultSet rows) throws SQLException;
  }

  private record Part<R>(String sql, List<R> rows, Binding<R> binding, Reading reading) {
    int bind(Connection connection, PreparedStatement statement, int first) throws SQLException {
      Columns<R> columns = new Columns<>(connection, statement, first, rows);
      binding.bind(columns);
      return columns.next();
    }
  }

  /** Adds a statement; without rows it is left out. */
  <R> void add(String sql, List<R> rows, Binding<R> binding, Reading reading) {
    if (!rows.isEmpty()) {
      parts.add(new Part<>(sql, rows, binding, reading));
    }
  }

  /** Adds a statement whose answer is of no interest. */
  <R> void add(String sql, List<R> rows, Binding<R> binding) {
    add(sql, rows, binding, ignored -> {});
  }

  /** Sends all statements and reads their answers. */
  void run(Connection connection) throws SQLException {
    if (parts.isEmpty()) {
      return;
    }
    StringBuilder sql = new StringBuilder();
    parts.forEach(part -> sql.append(part.sql).append(";\n"));
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      int next = 1;
      for (Part<?> part : parts) {
        next = part.bind(connection, statement, next);
      }
      boolean isRows = statement.execute();
      for (Part<?> part : parts) {
        if (isRows) {
          try (ResultSet rows = statement.getResultSet()) {
            part.reading.read(rows);
          }
        }
        isRows = statement.getMoreResults();
      }
    }
  }
}
