package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.run.Async;
import dev.drover.run.Journal;
import dev.drover.run.NodeItem;
import dev.drover.run.RunEnd;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.Signal;
import dev.drover.run.Spending;
import dev.drover.run.VersionId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal in PostgreSQL: writes are grouped into few transactions, those of logs apart. */
public final class PostgresJournal implements Journal, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresJournal.class);

  /** How long a write waits for a database that is away before its run is let go. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Nothing of logs is refused for lack of room: whoever writes them is slowed instead. */
  private static final EntryQueue.Bounds LOGS =
      new EntryQueue.Bounds(Integer.MAX_VALUE, Long.MAX_VALUE, 1L << 20);

  private final EntryWriter entries;
  private final GroupCommit writer;
  private final LogWriter logLines;
  private final GroupCommit logs;
  private final RunClaims claims;

  /**
   * @param lease under which everything is written
   * @param callbacks runs what waits for a write
   */
  public PostgresJournal(DataSource database, ServerLease lease, Executor callbacks) {
    this(database, lease, callbacks, WriterListener.NONE);
  }

  /**
   * @param lease under which everything is written
   * @param callbacks runs what waits for a write
   * @param listener hears of what is written, lines of logs excepted
   */
  public PostgresJournal(
      DataSource database, ServerLease lease, Executor callbacks, WriterListener listener) {
    this.entries = new EntryWriter(database, lease::id, this::writeAgain);
    this.writer = new GroupCommit(entries::write, callbacks, PATIENCE, listener);
    this.logLines = new LogWriter(database, lease::id);
    this.logs =
        new GroupCommit(
            "journal-logs", logLines::write, callbacks, PATIENCE, LOGS, WriterListener.NONE);
    this.claims = new RunClaims(database, lease::id);
  }

  /** Starts the writers. */
  public void start() {
    writer.start();
    logs.start();
  }

  /** How many entries wait to be written. */
  public int waiting() {
    return writer.waiting() + logs.waiting();
  }

  /** How many of them are not lines of logs. */
  public int queued() {
    return writer.waiting();
  }

  @Override
  public CompletableFuture<Opened> open(RunRequest request, Optional<Instant> startedAt) {
    Entry.Open entry = open(request, startedAt, new Awaited<>());
    writer.add(entry);
    return entry.future();
  }

  private static Entry.Open open(
      RunRequest request, Optional<Instant> startedAt, CompletableFuture<Opened> future) {
    return new Entry.Open(
        request, Json.print(request.trigger()), Json.print(request.inputs()), startedAt, future);
  }

  @Override
  public CompletableFuture<Void> await(NodeWaiting waiting) {
    Entry.Await entry;
    try {
      entry =
          new Entry.Await(
              waiting,
              Json.print(waiting.what().toJson()),
              waiting.child().map(c -> open(c, Optional.empty(), new Awaited<>())),
              new Awaited<>());
    } catch (RuntimeException | Error e) { // no JSON value, or one too deep to be written
      return CompletableFuture.failedFuture(new NotStorable(e));
    }
    writer.add(entry);
    return entry.future();
  }

  @Override
  public CompletableFuture<Void> park(
      RunId run, int epoch, String reason, Optional<Instant> wakeAt) {
    Entry.Park entry = new Entry.Park(run, epoch, reason, wakeAt, new Awaited<>());
    writer.add(entry);
    return entry.future();
  }

  @Override
  public CompletableFuture<Void> tell(Signal signal) {
    Entry.Tell entry = new Entry.Tell(signal, new Awaited<>());
    writer.add(entry);
    return entry.future();
  }

  @Override
  public CompletableFuture<Void> start(AttemptStart start) {
    Entry.Start entry = new Entry.Start(start, new Awaited<>());
    writer.add(entry);
    return entry.future();
  }

  @Override
  public CompletableFuture<Spending> spending(RunId run, WorkflowKey workflow, LocalDate day) {
    Entry.Spent entry = new Entry.Spent(run, workflow, day, new Awaited<>());
    writer.add(entry);
    return entry.future();
  }

  @Override
  public CompletableFuture<Void> settle(NodeSettled settled) {
    try {
      return settle(settled, Optional.empty());
    } catch (NotStorable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public LastSettled settleLast(NodeSettled settled, RunEnd end) {
    Entry.End entry;
    try {
      entry = entry(settled.run(), settled.epoch(), end, settled.endedAt());
    } catch (RuntimeException | Error e) {
      throw new NotStorable(e);
    }
    return new LastSettled(settle(settled, Optional.of(entry)), entry.future());
  }

  private CompletableFuture<Void> settle(NodeSettled settled, Optional<Entry.End> end) {
    Payload payload;
    try {
      payload = Payload.of(settled.outcome());
    } catch (RuntimeException | Error e) { // no JSON value, or one too deep to be written
      throw new NotStorable(e);
    }
    Entry.Settle entry = new Entry.Settle(settled, payload, end, new Awaited<>());
    writer.add(entry);
    return entry.future();
  }

  @Override
  public CompletableFuture<Void> end(RunId run, int epoch, RunEnd end, Instant at) {
    Entry.End entry = entry(run, epoch, end, at);
    writer.add(entry);
    return entry.future();
  }

  private static Entry.End entry(RunId run, int epoch, RunEnd end, Instant at) {
    return new Entry.End(
        run,
        epoch,
        end,
        Json.print(end.outputs()),
        end.failure().map(f -> Json.print(f.toJson())).orElse(null),
        at,
        true,
        new Awaited<>());
  }

  @Override
  public CompletableFuture<Void> log(RunId run, NodeItem node, int attempt, List<LogLine> lines) {
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
        bug ->
            LOG.atError().addKeyValue("run", run).setCause(bug).log("A log's fate is not known"));
    logs.add(entry);
    return entry.future();
  }

  @Override
  public Claimed claim(Claim claim) {
    return claims.claim(claim);
  }

  @Override
  public List<Signal> signals() {
    return claims.signals();
  }

  @Override
  public int wakeDue() {
    return claims.wakeDue();
  }

  @Override
  public boolean isBehind() {
    return writer.isBehind();
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
    logs.close();
    entries.close();
    logLines.close();
  }

  private void writeAgain(Entry entry) {
    writer.add(entry);
  }
}
