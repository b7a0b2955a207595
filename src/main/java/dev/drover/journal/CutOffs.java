package dev.drover.journal;

import dev.drover.name.NodeId;
import dev.drover.run.Attempted;
import dev.drover.run.Failure;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeState;
import dev.drover.run.RunEvent;
import dev.drover.run.Usage;
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
   * @return their ends
   */
  static List<RunEvent> end(Connection connection, List<ClaimedRun> claimed) throws SQLException {
    UUID[] runs =
        claimed.stream().filter(ClaimedRun::hasPast).map(ClaimedRun::id).toArray(UUID[]::new);
    List<RunEvent> ended = new ArrayList<>();
    if (runs.length == 0) {
      return ended;
    }
    try (PreparedStatement end = connection.prepareStatement(END)) {
      end.setArray(1, connection.createArrayOf("uuid", runs));
      end.setObject(2, TAKE_OVERS);
      try (ResultSet row = end.executeQuery()) {
        while (row.next()) {
          ended.add(told(row));
        }
      }
    }
    return ended;
  }

  private static RunEvent told(ResultSet row) throws SQLException {
    Attempted.Place place =
        new Attempted.Place(
            TraceColumns.subject(row, "run"),
            new NodeItem(new NodeId(row.getString("node_id")), row.getString("item")),
            row.getInt("number"));
    NodeState state = NodeState.valueOf(row.getString("state"));
    Optional<Failure> why = Optional.of(Failure.of(Failure.INTERRUPTED, MESSAGE));
    Attempted.Times times = new Attempted.Times(time(row, "started_at"), time(row, "ended_at"));
    String agent = row.getString("agent");
    return agent == null
        ? new RunEvent.CallEnded(place, state, why, times)
        : new RunEvent.AttemptEnded(
            new Attempted(
                Optional.of(place),
                agent,
                row.getString("runtime"),
                state,
                why,
                usage(row),
                times));
  }

  private static Usage usage(ResultSet row) throws SQLException {
    return new Usage(Duration.ofMillis(row.getLong("execution_ms")), row.getBigDecimal("cost"));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
