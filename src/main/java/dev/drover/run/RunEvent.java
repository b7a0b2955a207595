package dev.drover.run;

import dev.drover.run.Journal.WorkflowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What has happened to runs, told after it is durable: what metrics and traces are made of. */
public sealed interface RunEvent {
  /**
   * Whose event it is.
   *
   * @param trace where the run itself is in a trace, if it is traced
   */
  record Subject(RunId run, VersionId version, Optional<TraceParent> trace) {
    /** One of a workflow, whatever its version. */
    public WorkflowKey workflow() {
      return WorkflowKey.of(version);
    }
  }

  /** How a run came to be carried by this server. */
  enum TakeUp {
    /** It begins. */
    BEGUN,
    /** It was left on purpose, or was opened to go on from what an earlier run had done. */
    RESUMED,
    /** Whoever carried it is gone. */
    TAKEN_OVER
  }

  /**
   * A run was opened; told by the server that did, and not of requests that opened nothing.
   *
   * @param trigger the word for what opened it: {@code alert}, {@code webhook}, {@code schedule},
   *     {@code manual}, {@code workflow} or {@code rerun}
   */
  record Opened(Subject run, String trigger, Instant at) implements RunEvent {
    /** What has become of a wish. */
    public static Opened of(RunRequest request, Instant at) {
      Subject subject = new Subject(request.id(), request.versionId(), request.trace());
      return new Opened(subject, request.kind(), at);
    }
  }

  /**
   * A server carries a run forward from now on.
   *
   * @param epoch of this take-up, counted from 1
   */
  record TakenUp(Subject run, int epoch, TakeUp how, Instant at) implements RunEvent {}

  /** A node, or one item of it, waits; another attempt will follow if it is for a retry. */
  record Waiting(Subject run, NodeItem node, Wait what, Instant at) implements RunEvent {}

  /** An attempt of an agent ended. */
  record AttemptEnded(Attempted attempt) implements RunEvent {}

  /**
   * A node, one item of it, or the undoing of either was settled.
   *
   * @param startedAt when its tokens had arrived, or when this server took it up again
   */
  record NodeSettled(
      Subject run, NodeItem node, NodeOutcome outcome, Instant startedAt, Instant endedAt)
      implements RunEvent {}

  /** An attempt of an agent was not made, because the workflow's budget is spent. */
  record BudgetRefused(Subject run, NodeItem node, Instant at) implements RunEvent {}

  /** A node's wait for the end of the run's alerts is over. */
  record Remediated(Subject run, NodeItem node, Remediation result) implements RunEvent {}

  /**
   * A run ended.
   *
   * @param startedAt when it first began; if it never did, when it ended
   */
  record Ended(Subject run, RunState state, String reason, Instant startedAt, Instant endedAt)
      implements RunEvent {
    /** One that was cancelled before it began. */
    public static Ended unbegun(RunId run, VersionId version, Instant at) {
      Subject subject = new Subject(run, version, Optional.empty());
      return new Ended(subject, RunState.CANCELLED, "never begun", at, at);
    }

    /** From its beginning to its end. */
    public Duration took() {
      return Duration.between(startedAt, endedAt);
    }
  }
}
