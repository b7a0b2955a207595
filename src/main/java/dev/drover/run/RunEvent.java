package dev.drover.run;

import dev.drover.run.Journal.WorkflowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What has happened to runs, told after it is durable: what metrics and traces are made of. */
public sealed interface RunEvent {
  /**
   * Whose event it is.
   *
   * @param traced where the run is in a trace, if it is traced
   */
  record Subject(RunId run, VersionId version, Optional<RunTrace> traced) {
    /** The place of the run's own span. */
    public Optional<TraceParent> trace() {
      return traced.map(RunTrace::place);
    }

    /** The place of the span of a node, of an item, or of the undoing of either. */
    public Optional<TraceParent> trace(NodeItem node) {
      return trace().map(place -> place.withSpan(SpanIds.node(run, node)));
    }

    /** The place of the span of an attempt. */
    public Optional<TraceParent> trace(NodeItem node, int attempt) {
      return trace().map(place -> place.withSpan(SpanIds.attempt(run, node, attempt)));
    }

    /** One of a workflow, whatever its version. */
    public WorkflowKey workflow() {
      return WorkflowKey.of(version);
    }
  }

  /** How a run came to be carried by this server. */
  enum TakeUp {
    /** It begins, be it where an earlier run that it repeats had come to. */
    BEGUN,
    /** It was parked or let go, and goes on. */
    RESUMED,
    /** It was in progress, and whoever carried it is gone: another server, or this one's past. */
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
   * @param interrupted attempts that were running when the run was last left
   */
  record TakenUp(Subject run, int epoch, TakeUp how, List<Attempted.Place> interrupted, Instant at)
      implements RunEvent {
    public TakenUp {
      interrupted = List.copyOf(interrupted);
    }
  }

  /** A node, or one item of it, waits; another attempt will follow if it is for a retry. */
  record Waiting(Subject run, NodeItem node, Wait what, Instant at) implements RunEvent {}

  /** A wait that was its node's purpose is over: what came of it follows. */
  record WaitEnded(Subject run, NodeItem node, Wait what, Instant since, Instant at)
      implements RunEvent {}

  /** An attempt of an agent ended. */
  record AttemptEnded(Attempted attempt) implements RunEvent {}

  /**
   * An attempt at an endpoint ended.
   *
   * @param state SUCCEEDED, FAILED or CANCELLED
   * @param failure why, if it failed
   */
  record CallEnded(
      Attempted.Place place, NodeState state, Optional<Failure> failure, Attempted.Times times)
      implements RunEvent {}

  /**
   * A node, one item of it, or the undoing of either was settled.
   *
   * @param startedAt when its tokens had arrived
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
   * @param begun whether it ever began
   * @param startedAt when it first began; if it never did, when it ended
   */
  record Ended(
      Subject run, RunState state, String reason, boolean begun, Instant startedAt, Instant endedAt)
      implements RunEvent {

    /** One that was cancelled before it began. */
    public static Ended unbegun(Subject run, Instant at) {
      return new Ended(run, RunState.CANCELLED, "never begun", false, at, at);
    }

    /** From its beginning to its end. */
    public Duration took() {
      return Duration.between(startedAt, endedAt);
    }
  }
}
