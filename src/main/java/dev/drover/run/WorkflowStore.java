package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps every version of every workflow. All methods block on the database. */
public interface WorkflowStore {
  /**
   * Makes the content the workflow's current version: a new one if it differs from the current one.
   *
   * @param source {@code "api"} or the name of the file
   */
  Saved save(ProjectName project, WorkflowName name, String content, String source);

  /** The content of one version. */
  Optional<String> content(VersionId version);

  /** Every workflow that can open runs, with its current version. */
  List<Stored> active();

  /** Lets no workflow that came from this file open runs any more. */
  void retire(ProjectName project, String source);

  /** All versions of one workflow, newest first. */
  List<Version> versions(ProjectName project, WorkflowName name);

  /** What {@link #save} did. */
  record Saved(int version, boolean created) {}

  /** A workflow's current version. */
  record Stored(VersionId version, String source, String content) {}

  /** A line of a workflow's history. */
  record Version(int version, String hash, Instant createdAt) {}
}
