package dev.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds the rows of a statement column by column, as arrays for {@code unnest}. */
final class Columns<R> {
  private final Connection connection;
  private final PreparedStatement statement;
  private final List<R> rows;
  private int next;

  Columns(Connection connection, PreparedStatement statement, int first, List<R> rows) {
    this.connection = connection;
    this.statement = statement;
    this.next = first;
    this.rows = rows;
  }

  Columns<R> uuids(Function<R, @Nullable UUID> column) throws SQLException {
    return bind("uuid", rows.stream().map(column).toArray(UUID[]::new));
  }

  Columns<R> texts(Function<R, @Nullable String> column) throws SQLException {
    return bind("text", rows.stream().map(column).map(RowArrays::text).toArray(String[]::new));
  }

  Columns<R> integers(Function<R, @Nullable Integer> column) throws SQLException {
    return bind("integer", rows.stream().map(column).toArray(Integer[]::new));
  }

  Columns<R> longs(Function<R, @Nullable Long> column) throws SQLException {
    return bind("bigint", rows.stream().map(column).toArray(Long[]::new));
  }

  Columns<R> times(Function<R, @Nullable Instant> column) throws SQLException {
    return bind("timestamptz", rows.stream().map(column).map(Columns::text).toArray(String[]::new));
  }

  /** One value for all rows. */
  Columns<R> uuid(@Nullable UUID value) throws SQLException {
    statement.setObject(next++, value, Types.OTHER);
    return this;
  }

  /** The number of the parameter that follows. */
  int next() {
    return next;
  }

  private Columns<R> bind(String type, @Nullable Object[] values) throws SQLException {
    statement.setArray(next++, connection.createArrayOf(type, values));
    return this;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
