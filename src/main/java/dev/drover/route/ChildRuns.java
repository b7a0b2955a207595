package dev.drover.route;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import java.util.Optional;

/** Where nodes find the workflows that they call; the registry, as it is at that moment. */
public interface ChildRuns {
  /** The version that new runs get. */
  Optional<DeployedWorkflow> current(ProjectName project, WorkflowName workflow);

  /** A new run's id. */
  RunId newId();
}
