package dev.drover.journal;

import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.Attempted;
import dev.drover.run.Failure;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeState;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.Usage;
import dev.drover.run.VersionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Ends the attempts that were running when their runs were last left: nobody else can any more. */
final class CutOffs {
  private static final String MESSAGE = "the server ended while it ran";

  private static final String END =
      Booking.cutOff(
          "a.run = any(?::uuid[])",
          "'FAILED'",
          "json_build_object('type', '%s', 'message', '%s', 'causes', json_build_array())"
              .formatted(Failure.INTERRUPTED, MESSAGE));

  /** Rows of their own: the journal's writer locks its before runs, and this after them. */
  private static final UUID TAKE_OVERS = new UUID(0, 0);

  private CutOffs() {}

  /**
   * To be called in the transaction in which the runs are taken up.
   *
   * @return those of agents
   */
  static List<Attempted> end(Connection connection, List<ClaimedRun> claimed) throws SQLException {
    UUID[] runs =
        claimed.stream().filter(ClaimedRun::hasPast).map(ClaimedRun::id).toArray(UUID[]::new);
    List<Attempted> ended = new ArrayList<>();
    if (runs.length == 0) {
      return ended;
    }
    try (PreparedStatement end = connection.prepareStatement(END)) {
      end.setArray(1, connection.createArrayOf("uuid", runs));
      end.setObject(2, TAKE_OVERS);
      try (ResultSet row = end.executeQuery()) {
        while (row.next()) {
          ended.add(attempted(row));
        }
      }
    }
    return ended;
  }

  private static Attempted attempted(ResultSet row) throws SQLException {
    VersionId version =
        new VersionId(
            new ProjectName(row.getString("project")),
            new WorkflowName(row.getString("workflow")),
            row.getInt("version"));
    RunId run = new RunId(row.getObject("run", UUID.class));
    NodeItem node = new NodeItem(new NodeId(row.getString("node_id")), row.getString("item"));
    return new Attempted(
        Optional.of(
            new Attempted.Place(
                new RunEvent.Subject(run, version, Optional.empty()), node, row.getInt("number"))),
        row.getString("agent"),
        row.getString("runtime"),
        NodeState.valueOf(row.getString("state")),
        Optional.of(Failure.of(Failure.INTERRUPTED, MESSAGE)),
        new Usage(Duration.ofMillis(row.getLong("execution_ms")), row.getBigDecimal("cost")),
        new Attempted.Times(time(row, "started_at"), time(row, "ended_at")));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
