package dev.drover.journal;

import dev.drover.run.Journal.LogLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes lines of logs, on a connection of its own: agents that flood their logs delay nobody's
 * outcome. It copies them, which costs the database half of what inserting them does; where a copy
 * is refused, because a run was deleted meanwhile or lines are there already, it inserts what can
 * be.
 */
final class LogWriter implements AutoCloseable {
  private static final String COPY =
      "copy agent_log (run, node_id, item, attempt, line, at, text) from stdin";

  private final WriterConnection connection;
  private final Supplier<UUID> server;

  /**
   * @param server under whose lease everything is written
   */
  LogWriter(DataSource database, Supplier<UUID> server) {
    this.connection = new WriterConnection(database);
    this.server = server;
  }

  /**
   * Writes all entries or none.
   *
   * @return what is to be told now that they are durable
   */
  List<Runnable> write(List<Entry> entries) {
    List<Entry.Log> logs = RowArrays.only(entries, Entry.Log.class);
    byte[] rows = rows(logs);
    return connection.use(
        open -> {
          try {
            copy(open, rows);
          } catch (SQLException e) {
            if (Fence.isNotHeld(e) || !GroupCommit.isRefusal(e)) {
              throw e;
            }
            insert(open, logs);
          }
          return logs.stream().<Runnable>map(e -> () -> e.future().complete(null)).toList();
        });
  }

  private void copy(Connection open, byte[] rows) throws SQLException {
    open.setAutoCommit(false);
    try {
      RoundTrip trip = new RoundTrip();
      Fence.hold(trip, server.get());
      trip.run(open);
      CopyIn copy = open.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
      try {
        copy.writeToCopy(rows, 0, rows.length);
        copy.endCopy();
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
      open.commit();
    } catch (SQLException | RuntimeException | Error e) {
      open.rollback();
      throw e;
    } finally {
      open.setAutoCommit(true);
    }
  }

  private void insert(Connection open, List<Entry.Log> logs) throws SQLException {
    RoundTrip trip = new RoundTrip();
    Fence.hold(trip, server.get());
    AppendLog.add(trip, logs);
    trip.run(open);
  }

  /** PostgreSQL's text format: a line a row, tabs between columns. */
  private static byte[] rows(List<Entry.Log> logs) {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    for (Entry.Log log : logs) {
      String key =
          log.run() + "\t" + log.node().node() + "\t" + log.node().item() + "\t" + log.attempt();
      List<String> lines = new ArrayList<>(log.lines().size());
      for (LogLine line : log.lines()) {
        lines.add(key + "\t" + line.number() + "\t" + line.at() + "\t" + escaped(line.text()));
      }
      rows.writeBytes((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return rows.toByteArray();
  }

  /** Text as it stands in a column of a row; NUL as in every text column. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      switch (next) {
        case '\\' -> escaped.append("\\\\");
        case '\t' -> escaped.append("\\t");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\0' -> escaped.append('\u2400');
        default -> escaped.append(next);
      }
    }
    return escaped.toString();
  }

  @Override
  public void close() {
    connection.close();
  }
}
