package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.Async;
import dev.drover.run.Journal;
import dev.drover.run.LiveRun;
import dev.drover.run.RunEnd;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.VersionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/** The journal in PostgreSQL: writes are grouped into few transactions by a single writer. */
public final class PostgresJournal implements Journal, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresJournal.class);

  /** How long a write waits for a database that is away before its run is let go. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final SQLExceptionTranslator TRANSLATOR = new SQLStateSQLExceptionTranslator();

  private final DataSource database;
  private final UUID owner;
  private final GroupCommit writer;
  private final RunClaims claims;

  /**
   * @param owner identifies this server as long as it lives
   * @param callbacks runs what waits for a write
   */
  public PostgresJournal(DataSource database, UUID owner, Executor callbacks) {
    this.database = database;
    this.owner = owner;
    this.writer = new GroupCommit(this::transaction, callbacks, PATIENCE);
    this.claims = new RunClaims(database, owner);
  }

  /** Starts the writer. */
  public void start() {
    writer.start();
  }

  /** How many entries wait to be written. */
  public int waiting() {
    return writer.waiting();
  }

  @Override
  public CompletableFuture<Boolean> open(RunRequest request, Optional<Instant> startedAt) {
    Entry.Open entry =
        new Entry.Open(
            request,
            Json.print(request.trigger()),
            Json.print(request.inputs()),
            startedAt,
            new CompletableFuture<>());
    writer.add(entry);
    return entry.future();
  }

  @Override
  public CompletableFuture<Void> start(AttemptStart start) {
    Entry.Start entry = new Entry.Start(start, new CompletableFuture<>());
    writer.add(entry);
    return entry.future();
  }

  @Override
  public CompletableFuture<Void> settle(NodeSettled settled) {
    Payload payload;
    try {
      payload = Payload.of(settled.outcome());
    } catch (RuntimeException | Error e) { // no JSON value, or one too deep to be written
      return CompletableFuture.failedFuture(new NotStorable(e));
    }
    Entry.Settle entry = new Entry.Settle(settled, payload, new CompletableFuture<>());
    writer.add(entry);
    return entry.future();
  }

  @Override
  public CompletableFuture<Void> end(RunId run, int epoch, RunEnd end, Instant at) {
    Entry.End entry =
        new Entry.End(
            run,
            epoch,
            end,
            Json.print(end.outputs()),
            end.failure().map(f -> Json.print(f.toJson())).orElse(null),
            at,
            new CompletableFuture<>());
    writer.add(entry);
    return entry.future();
  }

  @Override
  public void log(RunId run, NodeId node, int attempt, List<LogLine> lines) {
    Entry.Log entry = new Entry.Log(run, node, attempt, lines, new CompletableFuture<>());
    Async.whenDone(
        entry.future(),
        (written, failure) -> {
          if (failure != null) {
            LOG.atWarn()
                .addKeyValue("run", run)
                .addKeyValue("node", node)
                .setCause(failure)
                .log("Lines of a log are lost");
          }
        },
        bug -> LOG.atError().setCause(bug).log("A log's fate is not known"));
    writer.add(entry);
  }

  @Override
  public List<LiveRun> claim(int limit, Set<RunId> letGo) {
    return claims.claim(limit, letGo);
  }

  @Override
  public Set<RunId> carried() {
    return claims.carried();
  }

  @Override
  public boolean hasLiveRuns(VersionId version) {
    return claims.hasLiveRuns(version);
  }

  @Override
  public void close() {
    writer.close();
  }

  private List<Runnable> transaction(List<Entry> entries) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        List<Runnable> tell = new ArrayList<>();
        OpenRuns.write(connection, owner, RowArrays.only(entries, Entry.Open.class), tell);
        StartAttempts.write(connection, RowArrays.only(entries, Entry.Start.class), tell);
        SettleNodes.write(connection, RowArrays.only(entries, Entry.Settle.class), tell);
        AppendLog.write(connection, RowArrays.only(entries, Entry.Log.class), tell);
        EndRuns.write(connection, RowArrays.only(entries, Entry.End.class), tell);
        connection.commit();
        return tell;
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw translate(e);
    }
  }

  private static RuntimeException translate(SQLException e) {
    RuntimeException translated = TRANSLATOR.translate("journal", null, e);
    return translated == null ? new IllegalStateException(e) : translated;
  }
}
