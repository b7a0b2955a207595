package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;

/** Identifies one version of one workflow; its text is the prefix of the version's route ids. */
public record VersionId(ProjectName project, WorkflowName workflow, int version) {
  @Override
  public String toString() {
    return project + "/" + workflow + "@" + version;
  }
}
