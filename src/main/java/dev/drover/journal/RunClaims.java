package dev.drover.journal;

import dev.drover.run.Journal.Claim;
import dev.drover.run.Journal.Claimed;
import dev.drover.run.Journal.WorkflowKey;
import dev.drover.run.LiveRun;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.Signal;
import dev.drover.run.VersionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Takes up runs that nobody carries, and loads where the journal says they are: in one transaction,
 * so that no run is taken up and then forgotten because it could not be loaded.
 */
final class RunClaims {
  /**
   * Workflows take turns: the first run of each, then the second of each. The epoch keeps a run
   * that another server took up a moment ago from being taken again.
   */
  private static final String CLAIM =
      """
      with recursive carried as (
        select * from unnest(?::text[], ?::text[], ?::integer[]) as i (project, workflow, running)
      ),
      queues as (
        (select project, workflow from run
         where state = 'QUEUED' and (concurrency_key is null or started_at is not null)
         order by project, workflow limit 1)
        union all
        select n.project, n.workflow
        from queues q
        cross join lateral (
          select r.project, r.workflow from run r
          where r.state = 'QUEUED' and (r.concurrency_key is null or r.started_at is not null)
            and (r.project, r.workflow) > (q.project, q.workflow)
          order by r.project, r.workflow limit 1) n
      ),
      turns as (
        select c.id, c.epoch, c.turn
        from queues q
        join workflow w on w.project = q.project and w.name = q.workflow
        left join carried i on i.project = q.project and i.workflow = q.workflow
        cross join lateral (
          select r.id, r.epoch, row_number() over (order by r.id) as turn
          from (
            select r.id, r.epoch from run r
            where r.state = 'QUEUED' and (r.concurrency_key is null or r.started_at is not null)
              and r.project = q.project and r.workflow = q.workflow
              and (r.started_at is not null or not w.paused)
            order by r.id
            limit least(?, greatest(0, ? - coalesce(i.running, 0)))) r) c
      ),
      lost as (
        select r.id, r.epoch, 0 as turn
        from run r
        where r.state = 'RUNNING'
          and (r.owner is null
            or not exists (select from server s where s.id = r.owner)
            or r.owner = ? and r.id = any(?::uuid[]))
      ),
      admitted as (
        select a.id, a.epoch, a.turn
        from (
          select r.id, r.epoch, r.project, r.workflow,
                 row_number() over (partition by r.project, r.workflow order by r.id) as turn
          from run r
          where r.id = any(?::uuid[])) a
        left join carried i on i.project = a.project and i.workflow = a.workflow
        where a.turn <= ? - coalesce(i.running, 0)
      ),
      chosen as (
        select c.id, c.epoch
        from (select * from lost union all select * from admitted union all select * from turns) c
        order by c.turn, c.id
        limit ?
      ),
      locked as (
        select r.id, r.state = 'RUNNING' and r.owner is distinct from ? as taken_over
        from chosen c
        join run r on r.id = c.id and r.epoch = c.epoch and r.state in ('QUEUED', 'RUNNING')
        for no key update of r skip locked
      )
      update run r
      set state = 'RUNNING', reason = 'in progress', owner = ?, epoch = r.epoch + 1,
          started_at = coalesce(r.started_at, clock_timestamp()), wake_at = null
      from locked l
      where r.id = l.id
      returning r.id, r.project, r.workflow, r.version, r.epoch, r.trigger, r.inputs, r.started_at,
                r.depth, r.rerun_of is not null as repeats, l.taken_over, r.traceparent,
                r.trace_parent, r.trace_link
      """;

  private static final String LIMIT_TIME =
      """
      select set_config('transaction_timeout', '8s', true)
      where current_setting('server_version_num')::integer >= 170000
      """;

  private static final String CARRIED = "select id from run where state = 'RUNNING' and owner = ?";

  private static final String WAKE_DUE =
      """
      update run
      set state = 'QUEUED', reason = 'its time has come', wake_at = null
      where id in (
        select id from run
        where state = 'WAITING' and wake_at <= clock_timestamp()
        order by wake_at
        limit 1000
        for no key update skip locked)
      """;

  private static final String LIVE =
      """
      select exists (
        select from run
        where project = ? and workflow = ? and version = ? and ended_at is null)
      """;

  private final DataSource database;
  private final Supplier<UUID> owner;

  RunClaims(DataSource database, Supplier<UUID> owner) {
    this.database = database;
    this.owner = owner;
  }

  Claimed claim(Claim wanted) {
    return Sql.inTransaction(database, connection -> claim(connection, wanted));
  }

  private Claimed claim(Connection connection, Claim wanted) throws SQLException {
    UUID me = owner.get();
    limitTime(connection);
    if (!wanted.letGo().isEmpty()) {
      Fence.exclude(connection, me);
    }
    SlotClaims.Decided slots = SlotClaims.decide(connection);
    List<ClaimedRun> claimed = take(connection, me, wanted, slots.admitted());
    List<RunEvent> cutOff = CutOffs.end(connection, claimed);
    List<LiveRun> runs =
        RunLoading.load(connection, claimed, cutOff).stream()
            .sorted(Comparator.comparing(LiveRun::id))
            .toList();
    return new Claimed(
        runs,
        claimed.size() == wanted.limit(),
        isShareTaken(wanted, claimed),
        slots.dropped(),
        cutOff);
  }

  /** Whether runs of a workflow may have been left because it has its share of the server. */
  private static boolean isShareTaken(Claim wanted, List<ClaimedRun> claimed) {
    Map<WorkflowKey, Integer> counts = new HashMap<>(wanted.inFlight());
    claimed.forEach(run -> counts.merge(WorkflowKey.of(run.version()), 1, Integer::sum));
    return counts.values().stream().anyMatch(count -> count >= wanted.share());
  }

  /** A server that stands still in the middle of a claim must not keep its rows from others. */
  private static void limitTime(Connection connection) throws SQLException {
    try (PreparedStatement set = connection.prepareStatement(LIMIT_TIME)) {
      set.execute();
    }
  }

  private static List<ClaimedRun> take(
      Connection connection, UUID me, Claim wanted, List<UUID> admitted) throws SQLException {
    List<Map.Entry<WorkflowKey, Integer>> inFlight = List.copyOf(wanted.inFlight().entrySet());
    List<ClaimedRun> claimed = new ArrayList<>();
    try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
      new Columns<>(connection, claim, 1, inFlight)
          .texts(e -> e.getKey().project().value())
          .texts(e -> e.getKey().workflow().value())
          .integers(Map.Entry::getValue);
      claim.setInt(4, wanted.limit());
      claim.setInt(5, wanted.share());
      claim.setObject(6, me);
      claim.setArray(
          7, connection.createArrayOf("uuid", wanted.letGo().stream().map(RunId::value).toArray()));
      claim.setArray(8, connection.createArrayOf("uuid", admitted.toArray()));
      claim.setInt(9, wanted.share());
      claim.setInt(10, wanted.limit());
      claim.setObject(11, me);
      claim.setObject(12, me);
      try (ResultSet row = claim.executeQuery()) {
        while (row.next()) {
          claimed.add(ClaimedRun.of(row));
        }
      }
    }
    return claimed;
  }

  Set<RunId> carried() {
    return Sql.on(
        database,
        connection -> {
          Set<RunId> runs = new HashSet<>();
          try (PreparedStatement select = connection.prepareStatement(CARRIED)) {
            select.setObject(1, owner.get());
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                runs.add(new RunId(row.getObject(1, UUID.class)));
              }
            }
          }
          return runs;
        });
  }

  List<Signal> signals() {
    return Sql.on(database, connection -> SignalRows.ofOwner(connection, owner.get()));
  }

  int wakeDue() {
    return Sql.on(
        database,
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(WAKE_DUE)) {
            return update.executeUpdate();
          }
        });
  }

  boolean hasLiveRuns(VersionId version) {
    return Sql.on(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(LIVE)) {
            select.setString(1, version.project().value());
            select.setString(2, version.workflow().value());
            select.setInt(3, version.version());
            try (ResultSet row = select.executeQuery()) {
              return row.next() && row.getBoolean(1);
            }
          }
        });
  }
}
