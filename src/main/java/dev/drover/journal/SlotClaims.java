package dev.drover.journal;

import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.Signal;
import dev.drover.workflow.Concurrency.Overflow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Decides for runs that need a slot whether they may begin. One server at a time decides, so that
 * no slot is given twice; what holds a slot is read from the runs themselves, so that none leaks.
 */
final class SlotClaims {
  /** "slots" in ASCII: any number that no other lock of ours has. */
  private static final long KEY = 0x736c6f7473L;

  private static final String ANY =
      """
      select exists (
        select from run
        where concurrency_key is not null and state = 'QUEUED' and started_at is null)
      """;

  private static final String LOCK = "select pg_try_advisory_xact_lock(?)";

  /** Of runs that only wait for a slot, no more than could get one. */
  private static final String RUNS =
      """
      with wanted as (
        select distinct project, workflow, concurrency_key
        from run
        where concurrency_key is not null and state = 'QUEUED' and started_at is null)
      select r.id, r.project, r.workflow, r.version, r.concurrency_key, r.concurrency_limit,
             r.concurrency_overflow, r.fresh, r.traceparent, r.trace_parent, r.trace_link
      from (
        select r.*, row_number() over (
                 partition by project, workflow, concurrency_key, fresh order by id) as turn
        from (
          select r.*, r.state = 'QUEUED' and r.started_at is null as fresh
          from wanted n
          join run r on r.project = n.project and r.workflow = n.workflow
            and r.concurrency_key = n.concurrency_key and r.ended_at is null) r) r
      join workflow w on w.project = r.project and w.name = r.workflow
      where (not r.fresh or not w.paused)
        and (not r.fresh or r.concurrency_overflow <> 'QUEUE' or r.turn <= r.concurrency_limit)
      order by r.id
      """;

  private static final String DROP =
      """
      update run
      set state = 'CANCELLED', reason = 'dropped: its slots were taken (concurrency)',
          ended_at = now()
      where id = any(?::uuid[]) and state = 'QUEUED' and started_at is null
      """;

  private SlotClaims() {}

  /**
   * What was decided.
   *
   * @param admitted may begin
   */
  record Decided(List<UUID> admitted, List<RunEvent.Subject> dropped) {
    static final Decided NOTHING = new Decided(List.of(), List.of());
  }

  static Decided decide(Connection connection) throws SQLException {
    if (!isAny(connection)) {
      return Decided.NOTHING;
    }
    if (!lock(connection)) {
      return Decided.NOTHING; // another server decides at this moment
    }
    List<UUID> admitted = new ArrayList<>();
    List<Signal> cancels = new ArrayList<>();
    List<RunEvent.Subject> dropped = new ArrayList<>();
    for (Group group : groups(connection)) {
      // The rule of the newest run holds: a changed limit is in force with the next run.
      SlotRules rules = SlotRules.decide(group.limit, group.overflow, group.holding, group.fresh);
      admitted.addAll(rules.admitted());
      rules.dropped().forEach(id -> dropped.add(group.runs.get(id)));
      rules.replaced().forEach(id -> cancels.add(replaced(id)));
    }
    drop(connection, dropped);
    Signals.send(connection, cancels);
    return new Decided(admitted, dropped);
  }

  private static Signal replaced(UUID run) {
    return Signal.toRun(
        new RunId(run),
        Signal.Kind.CANCEL,
        Map.of("reason", "replaced by a newer run (concurrency)"));
  }

  private static boolean lock(Connection connection) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setLong(1, KEY);
      try (ResultSet row = lock.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private static boolean isAny(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(ANY);
        ResultSet row = select.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  private static List<Group> groups(Connection connection) throws SQLException {
    Map<List<String>, Group> groups = new LinkedHashMap<>();
    try (PreparedStatement select = connection.prepareStatement(RUNS);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        List<String> key =
            List.of(row.getString(2), row.getString(3), row.getString("concurrency_key"));
        groups.computeIfAbsent(key, k -> new Group()).add(row);
      }
    }
    return List.copyOf(groups.values());
  }

  private static void drop(Connection connection, List<RunEvent.Subject> dropped)
      throws SQLException {
    if (dropped.isEmpty()) {
      return;
    }
    List<UUID> ids = dropped.stream().map(run -> run.run().value()).toList();
    try (PreparedStatement update = connection.prepareStatement(DROP)) {
      update.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
      update.executeUpdate();
    }
    Parents.tell(connection, ids);
  }

  /** The runs of one workflow and key. */
  private static final class Group {
    private final List<UUID> holding = new ArrayList<>();
    private final List<UUID> fresh = new ArrayList<>();
    private final Map<UUID, RunEvent.Subject> runs = new HashMap<>();
    private int limit;
    private Overflow overflow = Overflow.QUEUE;

    void add(ResultSet row) throws SQLException {
      UUID id = row.getObject("id", UUID.class);
      (row.getBoolean("fresh") ? fresh : holding).add(id);
      limit = row.getInt("concurrency_limit");
      overflow = Overflow.valueOf(row.getString("concurrency_overflow"));
      runs.put(id, TraceColumns.subject(row, "id"));
    }
  }
}
