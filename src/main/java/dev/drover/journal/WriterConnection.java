package dev.drover.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection that the journal is written by, kept as long as it works. Its statements are planned
 * once and for all, to look rows up by index one by one: a plan made while the tables were empty
 * would read them whole, and be kept while they grow.
 *
 * <p>A transaction on it must not outlast the lease of a server that stands still in the middle of
 * it: the server's row stays locked until its end. From PostgreSQL 17 on that is said here; before,
 * the time-out of idle sessions ends most of them.
 */
final class WriterConnection implements AutoCloseable {
  private static final String PLAN_ONCE_BY_INDEX =
      """
      set plan_cache_mode = force_generic_plan;
      set enable_seqscan = off;
      set enable_hashjoin = off;
      set enable_mergejoin = off;
      set enable_bitmapscan = off;
      set enable_material = off;
      set jit = off;
      select set_config('transaction_timeout', '8s', false)
      where current_setting('server_version_num')::integer >= 170000
      """;

  private static final String AS_BEFORE =
      """
      reset plan_cache_mode;
      reset enable_seqscan;
      reset enable_hashjoin;
      reset enable_mergejoin;
      reset enable_bitmapscan;
      reset enable_material;
      reset jit;
      select set_config('transaction_timeout', '0', false)
      where current_setting('server_version_num')::integer >= 170000
      """;

  private final DataSource database;
  private @Nullable Connection connection;

  WriterConnection(DataSource database) {
    this.database = database;
  }

  private boolean isHeld() {
    return connection != null;
  }

  /** The connection, in auto-commit mode; a new one if there is none. */
  Connection get() throws SQLException {
    Connection held = connection;
    if (held == null) {
      held = database.getConnection();
      try (Statement statement = held.createStatement()) {
        statement.execute(PLAN_ONCE_BY_INDEX);
      } catch (SQLException e) {
        held.close();
        throw e;
      }
      connection = held;
    }
    return held;
  }

  /**
   * Does something on it. If it fails where one that has worked before does, it may be that one's
   * age's fault, and a new one is tried.
   */
  <T> T use(Sql.Work<T> work) {
    boolean isWorn = isHeld();
    try {
      return attempt(work);
    } catch (SQLException e) {
      if (!isWorn || isHeld()) {
        throw Sql.translate(e);
      }
    }
    try {
      return attempt(work);
    } catch (SQLException e) {
      throw Sql.translate(e);
    }
  }

  /** A connection that fails is given up; one on which a statement was refused is not. */
  private <T> T attempt(Sql.Work<T> work) throws SQLException {
    try {
      return work.with(get());
    } catch (SQLException e) {
      if (Fence.isNotHeld(e)) {
        throw new SQLTransientException("the server's lease was taken; it is begun anew", e);
      }
      if (!GroupCommit.isRefusal(e)) {
        close();
      }
      throw e;
    }
  }

  /** Gives it back; what is broken is not used again. */
  @Override
  public void close() {
    Connection held = connection;
    connection = null;
    if (held == null) {
      return;
    }
    try (held;
        Statement statement = held.createStatement()) {
      statement.execute(AS_BEFORE);
    } catch (SQLException e) {
      // It is broken, and its pool knows that.
    }
  }
}
