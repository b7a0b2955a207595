package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.Failure;
import dev.drover.run.LiveRun;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeOutcome;
import dev.drover.run.NodeState;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunLog;
import dev.drover.run.Signal;
import dev.drover.run.Wait;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads what has happened to runs. One that can't be read is set aside, and the others go on. */
final class RunLoading {
  private static final Logger LOG = LoggerFactory.getLogger(RunLoading.class);

  private static final String NODES =
      """
      select run, node_id, item, state, attempts, output, error, reason, wait, wake_at,
             started_at
      from node_run
      where run = any(?::uuid[])
      order by ended_at nulls last
      """;

  private static final String GIVE_UP =
      """
      update run
      set state = 'FAILED', reason = ?, error = ?::json, ended_at = now(), owner = null
      where id = ?
      returning ended_at
      """;

  private static final String GIVE_UP_NODES =
      """
      update node_run
      set state = 'CANCELLED', reason = 'the run ended before it', ended_at = now()
      where run = ? and state in ('PENDING', 'RUNNING', 'WAITING')
      """;

  private RunLoading() {}

  /**
   * Those that can be read.
   *
   * @param ended gets the ends of the others
   */
  static List<LiveRun> load(Connection connection, List<ClaimedRun> claimed, List<RunEvent> ended)
      throws SQLException {
    List<UUID> resumed = claimed.stream().filter(ClaimedRun::hasPast).map(ClaimedRun::id).toList();
    Map<UUID, List<NodeRow>> nodes = nodes(connection, resumed);
    Map<RunId, List<Signal>> signals = new HashMap<>();
    List<UUID> all = claimed.stream().map(ClaimedRun::id).toList();
    SignalRows.ofRuns(connection, all)
        .forEach(s -> signals.computeIfAbsent(s.run(), r -> new ArrayList<>()).add(s));
    List<LiveRun> runs = new ArrayList<>();
    for (ClaimedRun run : claimed) {
      List<Signal> told = signals.getOrDefault(new RunId(run.id()), List.of());
      try {
        runs.add(load(run, nodes.getOrDefault(run.id(), List.of()), told));
      } catch (RuntimeException | Error e) {
        RunLog.about(LOG.atError(), new RunId(run.id()), run.version())
            .setCause(e)
            .log("A run can't be read, and ends");
        ended.add(run.unreadable(setAside(connection, run, e)));
      }
    }
    return runs;
  }

  private static Map<UUID, List<NodeRow>> nodes(Connection connection, List<UUID> runs)
      throws SQLException {
    Map<UUID, List<NodeRow>> nodes = new HashMap<>();
    if (runs.isEmpty()) {
      return nodes;
    }
    try (PreparedStatement select = connection.prepareStatement(NODES)) {
      select.setArray(1, connection.createArrayOf("uuid", runs.toArray()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          nodes
              .computeIfAbsent(row.getObject("run", UUID.class), r -> new ArrayList<>())
              .add(NodeRow.of(row));
        }
      }
    }
    return nodes;
  }

  private static LiveRun load(ClaimedRun run, List<NodeRow> nodes, List<Signal> signals) {
    boolean none = !run.hasPast() && signals.isEmpty();
    return run.with(none ? LiveRun.Past.NONE : past(nodes, signals));
  }

  private static Instant setAside(Connection connection, ClaimedRun run, Throwable e)
      throws SQLException {
    String reason =
        String.valueOf(
            RowArrays.text("the run could not be read from the journal: " + e.getMessage()));
    Instant endedAt = run.startedAt();
    try (PreparedStatement end = connection.prepareStatement(GIVE_UP)) {
      end.setString(1, reason);
      end.setString(2, Json.print(Failure.of(e).toJson()));
      end.setObject(3, run.id());
      try (ResultSet row = end.executeQuery()) {
        if (row.next()) {
          endedAt = row.getObject(1, OffsetDateTime.class).toInstant();
        }
      }
    }
    try (PreparedStatement end = connection.prepareStatement(GIVE_UP_NODES)) {
      end.setObject(1, run.id());
      end.executeUpdate();
    }
    Quarantine.add(
        connection,
        Quarantine.Kind.RUN,
        run.version().project(),
        run.id().toString(),
        reason,
        null);
    Parents.tell(connection, List.of(run.id()));
    return endedAt;
  }

  private static LiveRun.Past past(List<NodeRow> nodes, List<Signal> signals) {
    List<LiveRun.Settled> settled = new ArrayList<>();
    Map<NodeItem, Integer> attempts = new LinkedHashMap<>();
    Map<NodeItem, Instant> begun = new HashMap<>();
    Set<NodeItem> interrupted = new HashSet<>();
    Map<NodeItem, Wait> waits = new LinkedHashMap<>();
    for (NodeRow row : nodes) {
      NodeItem node = new NodeItem(new NodeId(row.node), row.item);
      NodeState state = NodeState.valueOf(row.state);
      row.outcome(state).ifPresent(outcome -> settled.add(new LiveRun.Settled(node, outcome)));
      attempts.put(node, row.attempts);
      if (row.startedAt != null) {
        begun.put(node, row.startedAt.toInstant());
      }
      if (state == NodeState.RUNNING) {
        interrupted.add(node);
      } else if (state == NodeState.WAITING) {
        waits.put(node, row.waiting());
      }
    }
    return new LiveRun.Past(settled, attempts, begun, interrupted, waits, signals);
  }

  private record NodeRow(
      String node,
      String item,
      String state,
      int attempts,
      @Nullable String output,
      @Nullable String error,
      @Nullable String reason,
      @Nullable String what,
      @Nullable OffsetDateTime wakeAt,
      @Nullable OffsetDateTime startedAt) {
    static NodeRow of(ResultSet row) throws SQLException {
      return new NodeRow(
          row.getString("node_id"),
          row.getString("item"),
          row.getString("state"),
          row.getInt("attempts"),
          row.getString("output"),
          row.getString("error"),
          row.getString("reason"),
          row.getString("wait"),
          row.getObject("wake_at", OffsetDateTime.class),
          row.getObject("started_at", OffsetDateTime.class));
    }

    Wait waiting() {
      return Wait.fromJson(
          Json.asObject(Json.parseTrusted(what == null ? "{}" : what)),
          Optional.ofNullable(wakeAt).map(OffsetDateTime::toInstant));
    }

    Optional<NodeOutcome> outcome(NodeState known) {
      String why = reason == null ? "" : reason;
      return switch (known) {
        case PENDING, RUNNING, WAITING -> Optional.empty();
        case SUCCEEDED ->
            Optional.of(
                new NodeOutcome.Succeeded(Json.parseTrusted(output == null ? "null" : output)));
        case FAILED ->
            Optional.of(
                new NodeOutcome.Failed(
                    Failure.fromJson(
                        Json.asObject(Json.parseTrusted(error == null ? "{}" : error)))));
        case SKIPPED -> Optional.of(new NodeOutcome.Skipped(why));
        case UPSTREAM_FAILED -> Optional.of(new NodeOutcome.UpstreamFailed(why));
        case CANCELLED -> Optional.of(new NodeOutcome.Cancelled(why));
      };
    }
  }
}
