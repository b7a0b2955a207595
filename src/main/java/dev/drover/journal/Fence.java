package dev.drover.journal;

import dev.drover.run.Journal.StaleEpoch;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Tells those whose write the database accepted from those whose run has a newer epoch. */
final class Fence {
  /**
   * Shared with extensions of the lease, excluded by whoever takes the server for dead: so a
   * take-over comes before or after a transaction of the server, never in the middle. That makes
   * one lock a transaction, rather than one a run.
   */
  private static final String HOLD =
      """
      select 1 / count(*) from (select id from server where id = ? for key share) held
      """;

  /** The SQL state of a division by zero. */
  private static final String NOT_HELD = "22012";

  /** Excludes the transactions of {@link #HOLD}: for who takes up runs that this server let go. */
  private static final String EXCLUDE = "select id from server where id = ? for update";

  private Fence() {}

  /**
   * Adds what makes the whole transaction fail unless the server still stands for something; holds
   * until the transaction ends. The other statements are on their way already when the answer comes
   * back, so the database itself has to refuse them: with a division by zero.
   */
  static void hold(RoundTrip trip, UUID server) {
    trip.add(HOLD, List.of(server), columns -> columns.uuid(server));
  }

  /** Whether it is {@link #hold} that has failed. */
  static boolean isNotHeld(SQLException e) {
    return NOT_HELD.equals(e.getSQLState());
  }

  static void exclude(Connection connection, UUID server) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(EXCLUDE)) {
      lock.setObject(1, server);
      lock.execute();
    }
  }

  /** Takes the keys that a statement returns, their columns joined by slashes. */
  static RoundTrip.Reading into(Set<String> keys) {
    return rows -> {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder key = new StringBuilder(rows.getString(1));
        for (int i = 2; i <= columns; i++) {
          key.append('/').append(rows.getString(i));
        }
        keys.add(key.toString());
      }
    };
  }

  /** The key of a node's row. */
  static String key(RunId run, NodeItem node) {
    return run + "/" + node.node() + "/" + node.item();
  }

  /** What to tell whoever waits for the entry, once the transaction is durable. */
  static Runnable answer(Entry entry, Set<String> written, String key) {
    return () -> {
      if (written.contains(key)) {
        entry.future().complete(null);
      } else {
        entry.future().completeExceptionally(new StaleEpoch("the run was taken over"));
      }
    };
  }
}
