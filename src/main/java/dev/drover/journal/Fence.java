package dev.drover.journal;

import dev.drover.run.Journal.StaleEpoch;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Tells those whose write the database accepted from those whose run has a newer epoch. */
final class Fence {
  /**
   * Shared with extensions of the lease, excluded by whoever takes the server for dead: so a
   * take-over comes before or after a transaction of the server, never in the middle. That makes
   * one lock a transaction, rather than one a run.
   */
  private static final String HOLD = "select id from server where id = ? for key share";

  /** Excludes the transactions of {@link #HOLD}: for who takes up runs that this server let go. */
  private static final String EXCLUDE = "select id from server where id = ? for update";

  private Fence() {}

  /** Whether the server still stands for something; holds until the transaction ends. */
  static boolean hold(Connection connection, UUID server) throws SQLException {
    return lock(connection, HOLD, server);
  }

  static boolean exclude(Connection connection, UUID server) throws SQLException {
    return lock(connection, EXCLUDE, server);
  }

  private static boolean lock(Connection connection, String sql, UUID server) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(sql)) {
      lock.setObject(1, server);
      try (ResultSet row = lock.executeQuery()) {
        return row.next();
      }
    }
  }

  /** The keys that a statement returned, their columns joined by slashes. */
  static Set<String> written(PreparedStatement statement) throws SQLException {
    Set<String> keys = new HashSet<>();
    try (ResultSet rows = statement.executeQuery()) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder key = new StringBuilder(rows.getString(1));
        for (int i = 2; i <= columns; i++) {
          key.append('/').append(rows.getString(i));
        }
        keys.add(key.toString());
      }
    }
    return keys;
  }

  /** The key of a node's row. */
  static String key(RunId run, NodeItem node) {
    return run + "/" + node.node() + "/" + node.item();
  }

  /** What to tell whoever waits for the entry, once the transaction is durable. */
  static Runnable answer(Entry entry, boolean written) {
    return written
        ? () -> entry.future().complete(null)
        : () -> entry.future().completeExceptionally(new StaleEpoch("the run was taken over"));
  }
}
