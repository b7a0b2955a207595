package dev.drover.run;

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

  /** Which runs are wanted. */
  record Filter(ProjectName project, Optional<WorkflowName> workflow, Optional<RunState> state) {}

  /** A run; payloads are JSON texts, absent where there are none. */
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
      @Nullable Instant endedAt) {}

  /**
   * A node of a run, one item of it, or an undoing; payloads are JSON texts.
   *
   * @param waitsFor what it waits for, while it does; {@code wakeAt}: until when
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
      @Nullable Instant endedAt) {}

  /** A line of a log, and where it stands. */
  record LogView(LogPosition position, Instant at, String text) {}

  /** A place in a node's log; both count from 1. */
  record LogPosition(int attempt, int line) {
    /** Before the first line. */
    public static final LogPosition START = new LogPosition(0, 0);
  }
}
