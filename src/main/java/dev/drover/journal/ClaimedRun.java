package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.LiveRun;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunState;
import dev.drover.run.RunTrace;
import dev.drover.run.VersionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * The row of a run that was just taken up.
 *
 * @param takenOver whether it was in progress with a server that is gone
 */
record ClaimedRun(
    UUID id,
    VersionId version,
    int epoch,
    String trigger,
    String inputs,
    Instant startedAt,
    int depth,
    boolean repeats,
    boolean takenOver,
    Optional<RunTrace> trace) {
  static ClaimedRun of(ResultSet row) throws SQLException {
    return new ClaimedRun(
        row.getObject("id", UUID.class),
        new VersionId(
            new ProjectName(row.getString("project")),
            new WorkflowName(row.getString("workflow")),
            row.getInt("version")),
        row.getInt("epoch"),
        row.getString("trigger"),
        row.getString("inputs"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        row.getInt("depth"),
        row.getBoolean("repeats"),
        row.getBoolean("taken_over"),
        TraceColumns.of(row));
  }

  /** Whether anything may have happened to its nodes. */
  boolean hasPast() {
    return epoch > 1 || repeats;
  }

  /** Its end, if that is that nobody can read it. */
  RunEvent unreadable(Instant endedAt) {
    RunEvent.Subject subject = new RunEvent.Subject(new RunId(id), version, trace);
    return new RunEvent.Ended(
        subject, RunState.FAILED, "it can't be read", true, startedAt, endedAt);
  }

  private RunEvent.TakeUp how() {
    if (takenOver) {
      return RunEvent.TakeUp.TAKEN_OVER;
    }
    return epoch > 1 ? RunEvent.TakeUp.RESUMED : RunEvent.TakeUp.BEGUN;
  }

  LiveRun with(LiveRun.Past past) {
    return new LiveRun(
        new RunId(id),
        version,
        epoch,
        how(),
        Json.asObject(Json.parseTrusted(trigger)),
        Json.asObject(Json.parseTrusted(inputs)),
        startedAt,
        depth,
        trace,
        past);
  }
}
