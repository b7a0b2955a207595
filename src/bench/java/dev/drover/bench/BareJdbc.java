package dev.drover.bench;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.drover.name.ProjectName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * What a diamond costs a program that knows nothing but its rows: the run, node after node as far
 * as one waits for another, and the end, each committed before the next. Its runs are WAITING, so
 * that the engine beside it does not take them up.
 */
final class BareJdbc {
  private static final String OPEN =
      """
      insert into run (id, project, workflow, version, dedupe_key, state, reason, epoch, trigger,
                       inputs, started_at)
      values (?, ?, ?, ?, ?, 'WAITING', 'in progress', 1, '{"type":"manual"}', '{}', now())
      """;

  private static final String NODE =
      """
      insert into node_run (run, node_id, state, attempts, output, started_at, ended_at)
      values (?, ?, 'SUCCEEDED', 1, '1', now(), now())
      """;

  private static final String END =
      """
      update run
      set state = 'SUCCEEDED', reason = 'nodes: 4 succeeded', outputs = '{"sum":5}',
          ended_at = now()
      where id = ?
      """;

  private final DataSource database;
  private final String workflow;
  private final int version;
  private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();

  /** Writes runs of a version that there is, in the project {@code default}. */
  BareJdbc(DataSource database, String workflow, int version) {
    this.database = database;
    this.workflow = workflow;
    this.version = version;
  }

  void run() throws SQLException {
    UUID id = ids.generate();
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      open(connection, id);
      nodes(connection, id, "a");
      nodes(connection, id, "b", "c");
      nodes(connection, id, "d");
      try (PreparedStatement end = connection.prepareStatement(END)) {
        end.setObject(1, id);
        end.executeUpdate();
      }
      connection.commit();
    }
  }

  private void open(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement open = connection.prepareStatement(OPEN)) {
      open.setObject(1, id);
      open.setString(2, ProjectName.DEFAULT.value());
      open.setString(3, workflow);
      open.setInt(4, version);
      open.setString(5, "bare/" + id);
      open.executeUpdate();
    }
    connection.commit();
  }

  private static void nodes(Connection connection, UUID id, String... nodes) throws SQLException {
    try (PreparedStatement node = connection.prepareStatement(NODE)) {
      for (String name : nodes) {
        node.setObject(1, id);
        node.setString(2, name);
        node.addBatch();
      }
      node.executeBatch();
    }
    connection.commit();
  }
}
