package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.Interventions.Result;
import dev.drover.run.RunId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whether a node can be given an answer now, and if not, why not. */
final class ApprovalRows {
  private final JdbcClient jdbc;

  ApprovalRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A node's row.
   *
   * @param late whether its time is over, or so nearly that an answer might not be heard in time
   */
  record Waiting(
      String state,
      @Nullable String what,
      boolean late,
      @Nullable String output,
      @Nullable String error) {
    boolean isForApproval() {
      return state.equals("WAITING")
          && what != null
          && "approval".equals(Json.asObject(Json.parseTrusted(what)).get("kind"));
    }
  }

  /** Locks the node's row, so that it is not settled meanwhile. */
  Optional<Waiting> lock(RunId run, NodeId node) {
    return jdbc.sql(
            """
            select state, wait, output, error,
                   coalesce(wake_at < clock_timestamp() + interval '100 ms', false) as late
            from node_run
            where run = :run and node_id = :node and item = ''
            for no key update
            """)
        .param("run", run.value())
        .param("node", node.value())
        .query(
            (row, n) ->
                new Waiting(
                    row.getString("state"),
                    row.getString("wait"),
                    row.getBoolean("late"),
                    row.getString("output"),
                    row.getString("error")))
        .optional();
  }

  /** Why the node can't be answered; to be called with both locked. */
  Optional<Result> obstacle(RunId run, NodeId node, Optional<Waiting> found) {
    Optional<Map<String, Object>> decided = told(run, node);
    if (decided.isPresent()) {
      return refused(node + " " + words(decided.get()), decided.get());
    } else if (found.isEmpty()) {
      return refused(node + " does not wait for an approval: it was not reached", Map.of());
    }
    Waiting row = found.get();
    Optional<Map<String, Object>> earlier = settled(row);
    if (earlier.isPresent()) {
      return refused(node + " " + words(earlier.get()), earlier.get());
    } else if (!row.isForApproval()) {
      return refused(
          node + " does not wait for an approval: it is " + row.state,
          Map.of("nodeState", row.state));
    } else if (isCancelled(run)) {
      return refused("the run is being cancelled", Map.of());
    }
    return row.late ? refused("the time for " + node + " is over", Map.of()) : Optional.empty();
  }

  private static Optional<Result> refused(String why, Map<String, Object> more) {
    return Optional.of(new Result.Refused(why, more));
  }

  /** An answer that its run has not heard yet. */
  private Optional<Map<String, Object>> told(RunId run, NodeId node) {
    List<Map<String, Object>> answers =
        jdbc.sql(
                """
                select kind, data
                from signal
                where run = :run and node_id = :node and item = ''
                  and kind in ('APPROVED', 'REJECTED')
                order by id
                limit 1
                """)
            .param("run", run.value())
            .param("node", node.value())
            .query(
                (row, n) -> {
                  boolean approved = row.getString("kind").equals("APPROVED");
                  return decision(
                      approved, Json.asObject(Json.parseTrusted(row.getString("data"))));
                })
            .list();
    return answers.stream().findFirst();
  }

  private static Optional<Map<String, Object>> settled(Waiting row) {
    if (row.output != null) {
      Map<String, Object> output = Json.asObject(Json.parseTrusted(row.output));
      return Boolean.TRUE.equals(output.get("approved")) && output.containsKey("by")
          ? Optional.of(decision(true, output))
          : Optional.empty();
    } else if (row.error != null) {
      Map<String, Object> error = Json.asObject(Json.parseTrusted(row.error));
      return "REJECTED".equals(error.get("type"))
          ? Optional.of(decision(false, Map.of("comment", error.getOrDefault("message", ""))))
          : Optional.empty();
    }
    return Optional.empty();
  }

  private static Map<String, Object> decision(boolean approved, Map<String, Object> data) {
    Map<String, Object> decision = new LinkedHashMap<>();
    decision.put("decision", approved ? "approved" : "rejected");
    for (String key : List.of("by", "comment", "at")) {
      Object value = data.get(key);
      if (value != null) {
        decision.put(key, value);
      }
    }
    return decision;
  }

  private static String words(Map<String, Object> decision) {
    Object by = decision.get("by");
    if (by != null) {
      return "was " + decision.get("decision") + " by " + by;
    }
    return "was " + decision.get("decision") + ": " + decision.getOrDefault("comment", "");
  }

  private boolean isCancelled(RunId run) {
    return jdbc.sql(
            """
            select exists (
              select from signal where run = :run and node_id = '' and kind = 'CANCEL')
            """)
        .param("run", run.value())
        .query(Boolean.class)
        .single();
  }
}
