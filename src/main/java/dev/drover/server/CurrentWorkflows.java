package dev.drover.server;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.route.ChildRuns;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import dev.drover.run.WorkflowRegistry;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;

/** Sub-workflows are those that the registry has in force. */
record CurrentWorkflows(ObjectProvider<WorkflowRegistry> registry, Supplier<UUID> ids)
    implements ChildRuns {
  @Override
  public Optional<DeployedWorkflow> current(ProjectName project, WorkflowName workflow) {
    return registry.getObject().active(project, workflow).map(WorkflowRegistry.Active::workflow);
  }

  @Override
  public RunId newId() {
    return new RunId(ids.get());
  }
}
