package dev.drover.journal;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.RunTrace;
import dev.drover.run.TraceParent;
import dev.drover.run.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The columns of {@code run} that say where it is in a trace. */
final class TraceColumns {
  private TraceColumns() {}

  static @Nullable String place(RunRequest run) {
    return run.trace().map(RunTrace::place).map(TraceParent::toString).orElse(null);
  }

  static @Nullable String parent(RunRequest run) {
    return run.trace().flatMap(RunTrace::parentSpan).orElse(null);
  }

  static @Nullable String link(RunRequest run) {
    return run.trace().flatMap(RunTrace::link).map(TraceParent::toString).orElse(null);
  }

  /** The run of a row that has them, {@code project}, {@code workflow} and {@code version}. */
  static RunEvent.Subject subject(ResultSet row, String idColumn) throws SQLException {
    return new RunEvent.Subject(
        new RunId(row.getObject(idColumn, UUID.class)),
        new VersionId(
            new ProjectName(row.getString("project")),
            new WorkflowName(row.getString("workflow")),
            row.getInt("version")),
        of(row));
  }

  /** From a row that has all three. */
  static Optional<RunTrace> of(ResultSet row) throws SQLException {
    return RunTrace.stored(
        Optional.ofNullable(row.getString("traceparent")),
        Optional.ofNullable(row.getString("trace_parent")),
        Optional.ofNullable(row.getString("trace_link")));
  }
}
