package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.Failure;
import dev.drover.run.LiveRun;
import dev.drover.run.NodeOutcome;
import dev.drover.run.NodeState;
import dev.drover.run.RunId;
import dev.drover.run.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes up runs that nobody carries, and loads where the journal says they are: in one transaction,
 * so that no run is taken up and then forgotten because it could not be loaded.
 */
final class RunClaims {
  private static final Logger LOG = LoggerFactory.getLogger(RunClaims.class);

  private static final String CLAIM =
      """
      update run r
      set state = 'RUNNING', reason = 'in progress', owner = :owner, epoch = r.epoch + 1,
          started_at = coalesce(r.started_at, now())
      where r.id in (
        select id from run
        where state = 'QUEUED'
           or state = 'RUNNING' and (owner is distinct from :owner or id = any(:letGo))
        order by id
        limit :limit
        for update skip locked)
      returning r.id, r.project, r.workflow, r.version, r.epoch, r.trigger, r.inputs, r.started_at
      """;

  private static final String NODES =
      """
      select run, node_id, state, attempts, output, error, reason
      from node_run
      where run = any(:runs)
      """;

  private static final String CARRIED =
      "select id from run where state = 'RUNNING' and owner = :owner";

  private static final String GIVE_UP =
      """
      update run
      set state = 'FAILED', reason = :reason, error = cast(:error as json), ended_at = now(),
          owner = null
      where id = :run
      """;

  private static final String LIVE =
      """
      select exists (
        select from run
        where project = :project and workflow = :workflow and version = :version
          and state in ('QUEUED', 'RUNNING', 'WAITING'))
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final UUID owner;

  RunClaims(DataSource database, UUID owner) {
    this.jdbc = JdbcClient.create(database);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.owner = owner;
  }

  List<LiveRun> claim(int limit, Set<RunId> letGo) {
    return Objects.requireNonNull(transaction.execute(status -> claimLocked(limit, letGo)));
  }

  Set<RunId> carried() {
    return Set.copyOf(
        jdbc.sql(CARRIED)
            .param("owner", owner)
            .query((row, n) -> new RunId(row.getObject("id", UUID.class)))
            .list());
  }

  private List<LiveRun> claimLocked(int limit, Set<RunId> letGo) {
    List<Claimed> claimed =
        jdbc.sql(CLAIM)
            .param("owner", owner)
            .param("letGo", letGo.stream().map(RunId::value).toArray(UUID[]::new))
            .param("limit", limit)
            .query((row, n) -> Claimed.of(row))
            .list();
    if (claimed.isEmpty()) {
      return List.of();
    }
    Map<UUID, List<NodeRow>> nodes = new HashMap<>();
    UUID[] resumed =
        claimed.stream().filter(c -> c.epoch > 1).map(Claimed::id).toArray(UUID[]::new);
    if (resumed.length > 0) {
      jdbc.sql(NODES)
          .param("runs", resumed)
          .query((row, n) -> NodeRow.of(row))
          .list()
          .forEach(row -> nodes.computeIfAbsent(row.run, r -> new ArrayList<>()).add(row));
    }
    return claimed.stream()
        .flatMap(c -> load(c, nodes.getOrDefault(c.id, List.of())).stream())
        .sorted(java.util.Comparator.comparing(LiveRun::id))
        .toList();
  }

  /** A run that can't be read must not keep all others from being taken up: it ends. */
  private Optional<LiveRun> load(Claimed run, List<NodeRow> nodes) {
    try {
      return Optional.of(run.toLiveRun(nodes));
    } catch (RuntimeException | Error e) {
      LOG.atError().addKeyValue("run", run.id).setCause(e).log("A run can't be read, and ends");
      jdbc.sql(GIVE_UP)
          .param(
              "reason",
              RowArrays.text("the run could not be read from the journal: " + e.getMessage()))
          .param("error", Json.print(Failure.of(e).toJson()))
          .param("run", run.id)
          .update();
      return Optional.empty();
    }
  }

  boolean hasLiveRuns(VersionId version) {
    return jdbc.sql(LIVE)
        .param("project", version.project().value())
        .param("workflow", version.workflow().value())
        .param("version", version.version())
        .query(Boolean.class)
        .single();
  }

  private record Claimed(
      UUID id,
      VersionId version,
      int epoch,
      String trigger,
      String inputs,
      OffsetDateTime startedAt) {
    static Claimed of(ResultSet row) throws SQLException {
      return new Claimed(
          row.getObject("id", UUID.class),
          new VersionId(
              new ProjectName(row.getString("project")),
              new WorkflowName(row.getString("workflow")),
              row.getInt("version")),
          row.getInt("epoch"),
          row.getString("trigger"),
          row.getString("inputs"),
          row.getObject("started_at", OffsetDateTime.class));
    }

    LiveRun toLiveRun(List<NodeRow> nodes) {
      Map<NodeId, NodeOutcome> settled = new HashMap<>();
      Map<NodeId, Integer> attempts = new HashMap<>();
      Set<NodeId> interrupted = new HashSet<>();
      for (NodeRow node : nodes) {
        node.outcome().ifPresent(outcome -> settled.put(node.id, outcome));
        attempts.put(node.id, node.attempts);
        if (node.state == NodeState.RUNNING) {
          interrupted.add(node.id);
        }
      }
      return new LiveRun(
          new RunId(id),
          version,
          epoch,
          Json.asObject(Json.parseTrusted(trigger)),
          Json.asObject(Json.parseTrusted(inputs)),
          startedAt.toInstant(),
          settled,
          attempts,
          interrupted);
    }
  }

  private record NodeRow(
      UUID run,
      NodeId id,
      NodeState state,
      int attempts,
      Optional<String> output,
      Optional<String> error,
      String reason) {
    static NodeRow of(ResultSet row) throws SQLException {
      String reason = row.getString("reason");
      return new NodeRow(
          row.getObject("run", UUID.class),
          new NodeId(row.getString("node_id")),
          NodeState.valueOf(row.getString("state")),
          row.getInt("attempts"),
          Optional.ofNullable(row.getString("output")),
          Optional.ofNullable(row.getString("error")),
          reason == null ? "" : reason);
    }

    Optional<NodeOutcome> outcome() {
      return switch (state) {
        case PENDING, RUNNING, WAITING -> Optional.empty();
        case SUCCEEDED ->
            Optional.of(new NodeOutcome.Succeeded(Json.parseTrusted(output.orElse("null"))));
        case FAILED ->
            Optional.of(
                new NodeOutcome.Failed(
                    Failure.fromJson(Json.asObject(Json.parseTrusted(error.orElse("{}"))))));
        case SKIPPED -> Optional.of(new NodeOutcome.Skipped(reason));
        case UPSTREAM_FAILED -> Optional.of(new NodeOutcome.UpstreamFailed(reason));
        case CANCELLED -> Optional.of(new NodeOutcome.Cancelled(reason));
      };
    }
  }
}
