package dev.drover.run;

import dev.drover.name.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The durable truth about runs. A future completes when what was written is durable; it completes
 * exceptionally with {@link StaleEpoch} if another take-up of the run exists, with {@link
 * NotStorable} if the database refuses the data itself, and with any other exception if the
 * database could not be reached.
 */
public interface Journal {
  /**
   * Opens a run, once per dedupe key.
   *
   * @param startedAt present: the run is RUNNING, carried by this server in epoch 1; absent: QUEUED
   * @return whether the run was opened: false if one of the same key exists
   */
  CompletableFuture<Boolean> open(RunRequest request, Optional<Instant> startedAt);

  /** Writes that an attempt is about to start. */
  CompletableFuture<Void> start(AttemptStart start);

  /** Writes a node's outcome. */
  CompletableFuture<Void> settle(NodeSettled settled);

  /** Writes how a run ended. */
  CompletableFuture<Void> end(RunId run, int epoch, RunEnd end, Instant at);

  /** Writes lines of an attempt's log; nobody waits for them. */
  void log(RunId run, NodeId node, int attempt, List<LogLine> lines);

  /**
   * Takes up runs that nobody carries: those QUEUED, those of a server that is gone, and those that
   * this server had to let go. Oldest first. Blocks on the database.
   */
  List<LiveRun> claim(int limit, Set<RunId> letGo);

  /** The runs that this server carries, as the journal sees it. Blocks on the database. */
  Set<RunId> carried();

  /** Whether runs of the version are not over yet. Blocks on the database. */
  boolean hasLiveRuns(VersionId version);

  /** An attempt that is about to start. */
  record AttemptStart(
      RunId run, int epoch, NodeId node, int attempt, String runtime, Instant startedAt) {}

  /**
   * A node that has its outcome.
   *
   * @param attempts how often it was executed, 0 if never
   * @param attempt the attempt that gave the outcome, if one was journalled when it started
   */
  record NodeSettled(
      RunId run,
      int epoch,
      NodeId node,
      NodeOutcome outcome,
      int attempts,
      Optional<AttemptEnd> attempt,
      Optional<Instant> startedAt,
      Instant endedAt) {}

  /** How an attempt ended; the exit code is known of processes only. */
  record AttemptEnd(int number, Optional<Integer> exitCode) {}

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
}
