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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tells the nodes that wait for runs of sub-workflows that these have ended. */
final class Parents {
  /** A node that has given a child up and opened another is not told of the first. */
  private static final String ENDED =
      """
      select r.id, r.parent_run, r.parent_node, r.parent_item, r.state, r.reason, r.outputs
      from run r
      join node_run n on n.run = r.parent_run and n.node_id = r.parent_node
        and n.item = r.parent_item
      where r.id = any(?::uuid[]) and n.state = 'WAITING' and starts_with(n.wait::text, '{"kind":"child","run":"' || r.id || '"')
      """;

  private Parents() {}

  /** To be called in the transaction in which the runs end. */
  static void tell(Connection connection, Collection<UUID> ended) throws SQLException {
    if (ended.isEmpty()) {
      return;
    }
    List<Signal> signals = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(ENDED)) {
      select.setArray(1, connection.createArrayOf("uuid", ended.toArray()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          signals.add(signal(row));
        }
      }
    }
    Signals.send(connection, signals);
  }

  private static Signal signal(ResultSet row) throws SQLException {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("run", row.getString("id")); // first: AwaitNodes looks for it there
    data.put("state", row.getString("state"));
    data.put("reason", row.getString("reason"));
    String outputs = row.getString("outputs");
    data.put("outputs", outputs == null ? Map.of() : Json.parseTrusted(outputs));
    return new Signal(
        new RunId(row.getObject("parent_run", UUID.class)),
        Optional.of(new NodeId(row.getString("parent_node"))),
        row.getString("parent_item"),
        Signal.Kind.CHILD_ENDED,
        data);
  }
}
