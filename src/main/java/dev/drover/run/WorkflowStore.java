package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Keeps every version of every workflow. All methods block on the database. */
public interface WorkflowStore {
  /**
   * Makes the content the workflow's current version: a new one if it differs from the current one.
   *
   * @param source {@code "api"} or the name of the file
   * @param deploy gets the version before anybody else sees it; what it throws undoes the saving,
   *     and is thrown on
   */
  Saved save(
      ProjectName project, WorkflowName name, String content, String source, IntConsumer deploy);

  /** Saves what is deployed later, when somebody needs it. */
  default Saved save(ProjectName project, WorkflowName name, String content, String source) {
    return save(project, name, content, source, version -> {});
  }

  /** The content of one version. */
  Optional<String> content(VersionId version);

  /** Every workflow that can open runs, with its current version. */
  List<Stored> active();

  /** Every workflow that there ever was, with its current version; cheap. */
  List<Head> heads();

  /** Lets no workflow that came from this file open runs any more. */
  void retire(ProjectName project, String source);

  /**
   * Lets a workflow's new runs wait, or go on: those of one that is retired too.
   *
   * @return whether there is such a workflow; to be paused it must be in force
   */
  boolean pause(ProjectName project, WorkflowName name, boolean paused);

  /** Notes once for all servers that a stored version can't be deployed, and why. */
  void setAside(VersionId version, String reason);

  /** All versions of one workflow, newest first. */
  List<Version> versions(ProjectName project, WorkflowName name);

  /** What {@code save} did; {@code paused} is as it was. */
  record Saved(int version, boolean created, boolean paused) {}

  /** A workflow's current version. */
  record Stored(VersionId version, String source, boolean paused, String content) {}

  /** A workflow's current version without its content. */
  record Head(VersionId version, String source, boolean retired, boolean paused) {}

  /** A line of a workflow's history. */
  record Version(int version, String hash, Instant createdAt) {}
}
