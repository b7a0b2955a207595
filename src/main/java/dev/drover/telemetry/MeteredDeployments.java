package dev.drover.telemetry;

import dev.drover.run.DeployedWorkflow;
import dev.drover.run.Deployments;
import dev.drover.run.Execution;
import dev.drover.run.VersionId;
import java.util.Set;

/** Lets the counters of a workflow be there as soon as it can run. */
public record MeteredDeployments(Deployments deployments, RunMetrics metrics)
    implements Deployments {
  @Override
  public void deploy(DeployedWorkflow version) {
    deployments.deploy(version);
    metrics.deployed(version);
  }

  @Override
  public void undeploy(VersionId version) {
    deployments.undeploy(version);
  }

  @Override
  public Set<VersionId> deployed() {
    return deployments.deployed();
  }

  @Override
  public void launch(Execution execution) {
    deployments.launch(execution);
  }

  @Override
  public void forget(Execution execution) {
    deployments.forget(execution);
  }
}
