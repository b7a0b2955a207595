package dev.drover.run;

import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the journal can tell about runs. All methods block on the database. */
public interface RunQueries {
  /** Runs of a project, newest first, from behind {@code after} on. */
  List<RunView> list(Filter filter, int limit, Optional<RunId> after);

  /** One run of a project. */
  Optional<RunView> find(ProjectName project, RunId id);

  /** The nodes of a run that were reached so far. */
  List<NodeView> nodes(RunId id);

  /** Lines of a node's log in order, from behind {@code after} on. */
  List<LogView> log(RunId id, NodeItem node, LogPosition after, int limit);

  /** The attempts of a node or one of its items in order, from behind number {@code after} on. */
  List<AttemptView> attempts(RunId id, NodeItem node, int after, int limit);

  /** The runs that nodes of a run have opened as sub-workflows, oldest first. */
  List<RelativeView> children(RunId id, int limit);

  /** The runs that repeat a run, oldest first. */
  List<RelativeView> reruns(RunId id, int limit);

  /**
   * Which runs are wanted.
   *
   * @param parent only those that a node of this run has opened
   */
  record Filter(
      ProjectName project,
      Optional<WorkflowName> workflow,
      Optional<RunState> state,
      Optional<RunId> parent) {}

  /**
   * A run; payloads are JSON texts, absent where there are none.
   *
   * @param usage of its attempts that are over; those of runs that it opened are theirs
   * @param trace its place in a trace, if that is recorded
   */
  record RunView(
      RunId id,
      VersionId version,
      RunState state,
      String reason,
      String trigger,
      String inputs,
      @Nullable String outputs,
      @Nullable String error,
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      Usage usage,
      Origin origin,
      Optional<TraceParent> trace) {}

  /**
   * Where a run comes from and what it shares.
   *
   * @param parent the run whose node, {@code parentNode}, opened it
   * @param rerunOf the earlier run that it repeats
   * @param slot what it must hold to be under way
   */
  record Origin(
      @Nullable RunId parent,
      @Nullable NodeItem parentNode,
      @Nullable RunId rerunOf,
      @Nullable Slot slot) {}

  /**
   * A run that has to do with another.
   *
   * @param parentNode the node that opened it, if one did
   */
  record RelativeView(RunId id, VersionId version, RunState state, @Nullable NodeItem parentNode) {}

  /**
   * One try of a node; {@code error} is a JSON text.
   *
   * @param state RUNNING, SUCCEEDED, FAILED or CANCELLED
   * @param exitCode of a process that has ended
   * @param agent absent: an endpoint was called
   * @param usage of an agent, when it is over
   */
  record AttemptView(
      int number,
      String runtime,
      NodeState state,
      @Nullable Integer exitCode,
      @Nullable String error,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String agent,
      @Nullable Usage usage) {}

  /**
   * A node of a run, one item of it, or an undoing; payloads are JSON texts.
   *
   * @param waitsFor what it waits for, while it does; {@code wakeAt}: until when
   * @param usage of its own attempts that are over; a node's items have theirs
   */
  record NodeView(
      NodeItem id,
      NodeState state,
      int attempts,
      @Nullable String output,
      @Nullable String error,
      @Nullable String reason,
      @Nullable String waitsFor,
      @Nullable Instant wakeAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      Usage usage) {
    /** One that was not reached yet. */
    public static NodeView pending(NodeId node) {
      return new NodeView(
          NodeItem.of(node),
          NodeState.PENDING,
          0,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          Usage.NONE);
    }
  }

  /** A line of a log, and where it stands. */
  record LogView(LogPosition position, Instant at, String text) {}

  /** A place in a node's log; both count from 1. */
  record LogPosition(int attempt, int line) {
    /** Before the first line. */
    public static final LogPosition START = new LogPosition(0, 0);
  }
}
