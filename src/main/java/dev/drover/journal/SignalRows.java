package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.RunId;
import dev.drover.run.Signal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads signals. One that can't be read is set aside: it is no reason to stop its run. */
final class SignalRows {
  private static final Logger LOG = LoggerFactory.getLogger(SignalRows.class);

  private static final String OF_RUNS =
      """
      select id, run, node_id, item, kind, data from signal where run = any(?::uuid[]) order by id
      """;

  private static final String OF_OWNER =
      """
      select s.id, s.run, s.node_id, s.item, s.kind, s.data
      from signal s
      join run r on r.id = s.run
      where r.state = 'RUNNING' and r.owner = ?
      order by s.id
      """;

  private SignalRows() {}

  static List<Signal> ofRuns(Connection connection, List<UUID> runs) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OF_RUNS)) {
      select.setArray(1, connection.createArrayOf("uuid", runs.toArray()));
      return read(connection, select);
    }
  }

  static List<Signal> ofOwner(Connection connection, UUID owner) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OF_OWNER)) {
      select.setObject(1, owner);
      return read(connection, select);
    }
  }

  private static List<Signal> read(Connection connection, PreparedStatement select)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        rows.add(Row.of(row));
      }
    }
    List<Signal> signals = new ArrayList<>();
    for (Row row : rows) {
      try {
        signals.add(row.signal());
      } catch (RuntimeException e) {
        LOG.atError().addKeyValue("run", row.run).setCause(e).log("A signal can't be read");
        setAside(connection, row, e);
      }
    }
    return signals;
  }

  private static void setAside(Connection connection, Row row, RuntimeException e)
      throws SQLException {
    Quarantine.add(
        connection,
        Quarantine.Kind.SIGNAL,
        null,
        "%s of run %s".formatted(row.kind, row.run),
        String.valueOf(e.getMessage()),
        row.data);
    try (PreparedStatement delete =
        connection.prepareStatement("delete from signal where id = ?")) {
      delete.setLong(1, row.id);
      delete.executeUpdate();
    }
  }

  private record Row(
      long id, UUID run, String node, String item, String kind, @Nullable String data) {
    static Row of(ResultSet row) throws SQLException {
      return new Row(
          row.getLong("id"),
          row.getObject("run", UUID.class),
          row.getString("node_id"),
          row.getString("item"),
          row.getString("kind"),
          row.getString("data"));
    }

    Signal signal() {
      return new Signal(
          new RunId(run),
          node.isEmpty() ? Optional.empty() : Optional.of(new NodeId(node)),
          item,
          Signal.Kind.valueOf(kind),
          data == null ? Map.of() : Json.asObject(Json.parseTrusted(data)));
    }
  }
}
