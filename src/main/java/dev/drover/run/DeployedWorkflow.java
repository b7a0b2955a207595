package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.workflow.Workflow;

/** A version of a workflow that runs can be pinned to. */
public record DeployedWorkflow(ProjectName project, int version, Workflow workflow) {
  /** The version's identity. */
  public VersionId id() {
    return new VersionId(project, workflow.name(), version);
  }
}
