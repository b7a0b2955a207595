package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The durable truth about runs. A future completes when what was written is durable; it completes
 * exceptionally with {@link StaleEpoch} if another take-up of the run exists, with {@link
 * NotStorable} if the database refuses the data itself, with {@link Overloaded} if too much waits
 * to be written, and with any other exception if the database could not be reached.
 */
public interface Journal {
  /**
   * Opens a run, once per dedupe key.
   *
   * @param startedAt present: the run is RUNNING, carried by this server in epoch 1, unless its
   *     workflow is paused; absent: QUEUED
   */
  CompletableFuture<Opened> open(RunRequest request, Optional<Instant> startedAt);

  /** Writes that an attempt is about to start. */
  CompletableFuture<Void> start(AttemptStart start);

  /** Writes that a node waits, and what it waits for. */
  CompletableFuture<Void> await(NodeWaiting waiting);

  /** Writes a node's outcome. */
  CompletableFuture<Void> settle(NodeSettled settled);

  /**
   * Writes the outcome of a run's last node and how that ends the run: both or neither.
   *
   * @throws NotStorable if what the run gives is no JSON
   */
  LastSettled settleLast(NodeSettled settled, RunEnd end);

  /**
   * Writes that all that could be done of a run is done, and that it waits: nobody carries it until
   * {@code wakeAt}, or until a signal for it. If there is one already, it is QUEUED to go on.
   */
  CompletableFuture<Void> park(RunId run, int epoch, String reason, Optional<Instant> wakeAt);

  /** Writes how a run ended. */
  CompletableFuture<Void> end(RunId run, int epoch, RunEnd end, Instant at);

  /** Tells a run something, whoever carries it. */
  CompletableFuture<Void> tell(Signal signal);

  /** Tells what a run, and its workflow on a day, have spent, behind all that is being written. */
  CompletableFuture<Spending> spending(RunId run, WorkflowKey workflow, LocalDate day);

  /** Writes lines of an attempt's log. */
  CompletableFuture<Void> log(RunId run, NodeItem node, int attempt, List<LogLine> lines);

  /**
   * Takes up runs that nobody carries: those QUEUED, those of a server that is gone, and those that
   * this server had to let go; in turns from all workflows. Blocks on the database.
   */
  Claimed claim(Claim claim);

  /** The runs that this server carries, as the journal sees it. Blocks on the database. */
  Set<RunId> carried();

  /** What the runs that this server carries are to be told. Blocks on the database. */
  List<Signal> signals();

  /** Lets runs whose time has come go on: from WAITING to QUEUED. Blocks on the database. */
  int wakeDue();

  /** Whether runs of the version are not over yet. Blocks on the database. */
  boolean hasLiveRuns(VersionId version);

  /** Whether outcomes wait for a database that is away. */
  boolean isBehind();

  /** What became of a wish for a run. */
  enum Opened {
    /** It is RUNNING and this server's to carry. */
    STARTED,
    /** It waits for its turn. */
    QUEUED,
    /** There is one of the same key; nothing was opened. */
    DUPLICATE
  }

  /**
   * Which runs are wanted.
   *
   * @param limit at the most
   * @param letGo runs of this server that it does not carry any more
   * @param inFlight how many runs of each workflow this server carries already
   * @param share how many of one workflow it may carry
   */
  record Claim(int limit, Set<RunId> letGo, Map<WorkflowKey, Integer> inFlight, int share) {}

  /** A workflow, whatever its version. */
  record WorkflowKey(ProjectName project, WorkflowName workflow) {
    /** That of a version. */
    public static WorkflowKey of(VersionId version) {
      return new WorkflowKey(version.project(), version.workflow());
    }
  }

  /**
   * Runs that were taken up.
   *
   * @param more whether there may be more to take up at once
   * @param held whether there may be more when a run of some workflow has left
   * @param dropped runs that were ended instead, because their slots were taken
   * @param ends of attempts that were running when their runs were last left, and of runs that
   *     can't be read
   */
  record Claimed(
      List<LiveRun> runs,
      boolean more,
      boolean held,
      List<RunEvent.Subject> dropped,
      List<RunEvent> ends) {}

  /**
   * An attempt that is about to start.
   *
   * @param agent on what terms, if it is an agent's
   */
  record AttemptStart(
      RunId run,
      int epoch,
      NodeItem node,
      int attempt,
      String runtime,
      Optional<Terms> agent,
      Instant startedAt) {}

  /**
   * What an attempt of an agent costs. It is kept from the start on, for an attempt whose end
   * nobody is there to tell.
   *
   * @param timeout the longest that its process can have existed
   */
  record Terms(String agent, BigDecimal perMinute, BigDecimal perAttempt, Duration timeout) {}

  /**
   * A node that waits.
   *
   * @param attempts how often it was executed so far
   * @param failed the attempt that has failed and will be followed by another, if it waits for that
   * @param child the run to open in the same transaction, if it waits for that
   */
  record NodeWaiting(
      RunId run,
      int epoch,
      NodeItem node,
      Wait what,
      int attempts,
      Optional<AttemptEnd> failed,
      Optional<RunRequest> child,
      Instant startedAt,
      Instant at) {}

  /**
   * A node that has its outcome.
   *
   * @param attempts how often it was executed, 0 if never
   * @param attempt the attempt that gave the outcome, if one was journalled when it started
   * @param waited whether it had waited: signals for it are removed
   */
  record NodeSettled(
      RunId run,
      int epoch,
      NodeItem node,
      NodeOutcome outcome,
      int attempts,
      Optional<AttemptEnd> attempt,
      boolean waited,
      Optional<Instant> startedAt,
      Instant endedAt) {}

  /** When each of the two is durable; the end of a sub-workflow's run may come somewhat later. */
  record LastSettled(CompletableFuture<Void> settled, CompletableFuture<Void> ended) {}

  /**
   * How an attempt ended.
   *
   * @param exitCode is known of processes only
   * @param agent what there is to tell of it, if an agent ran
   * @param call what there is to tell of it, if an endpoint was called
   */
  record AttemptEnd(
      int number,
      Optional<Integer> exitCode,
      Optional<Attempted> agent,
      Optional<RunEvent.CallEnded> call) {
    /** The end of an agent's. */
    public static AttemptEnd of(int number, Optional<Integer> exitCode, Attempted agent) {
      return new AttemptEnd(number, exitCode, Optional.of(agent), Optional.empty());
    }

    /** The end of a call. */
    public static AttemptEnd of(RunEvent.CallEnded call) {
      return new AttemptEnd(
          call.place().number(), Optional.empty(), Optional.empty(), Optional.of(call));
    }

    /** The end of one that is known of by its number only. */
    public static AttemptEnd of(int number) {
      return new AttemptEnd(number, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What it used. */
    public Usage usage() {
      return agent.map(Attempted::usage).orElse(Usage.NONE);
    }
  }

  /** A line of an attempt's log; numbers count from 1. */
  record LogLine(int number, Instant at, String text) {}

  /** Another take-up of the run exists: this one must stop. */
  final class StaleEpoch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names what was refused. */
    public StaleEpoch(String message) {
      super(message);
    }
  }

  /** The database is there and refuses the data. */
  final class NotStorable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what the database said. */
    public NotStorable(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Too much waits to be written: nothing was, and it may be tried again. */
  final class Overloaded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is full. */
    public Overloaded(String message) {
      super(message);
    }
  }
}
