package dev.drover.journal;

import dev.drover.run.Journal.StaleEpoch;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** Tells those whose write the database accepted from those whose run has a newer epoch. */
final class Fence {
  private Fence() {}

  /** The keys that a statement returned, their columns joined by a slash. */
  static Set<String> written(PreparedStatement statement) throws SQLException {
    Set<String> keys = new HashSet<>();
    try (ResultSet rows = statement.executeQuery()) {
      boolean hasNode = rows.getMetaData().getColumnCount() > 1;
      while (rows.next()) {
        keys.add(hasNode ? rows.getString(1) + "/" + rows.getString(2) : rows.getString(1));
      }
    }
    return keys;
  }

  /** What to tell whoever waits for the entry, once the transaction is durable. */
  static Runnable answer(Entry entry, boolean written) {
    return written
        ? () -> entry.future().complete(null)
        : () -> entry.future().completeExceptionally(new StaleEpoch("the run was taken over"));
  }
}
