package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.workflow.Workflow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys a version that is not saved yet, and takes it back if it never is. */
final class Trial {
  private static final Logger LOG = LoggerFactory.getLogger(Trial.class);

  private final ProjectName project;
  private final Workflow workflow;
  private final Deployments deployments;
  private @Nullable VersionId deployed;

  Trial(ProjectName project, Workflow workflow, Deployments deployments) {
    this.project = project;
    this.workflow = workflow;
    this.deployments = deployments;
  }

  void deploy(int version) {
    DeployedWorkflow candidate = new DeployedWorkflow(project, version, workflow);
    if (!deployments.deployed().contains(candidate.id())) {
      deployed = candidate.id();
      deployments.deploy(candidate);
    }
  }

  void undo() {
    if (deployed == null) {
      return;
    }
    try {
      deployments.undeploy(deployed);
    } catch (RuntimeException | Error e) {
      LOG.atError()
          .addKeyValue("workflow", deployed)
          .setCause(e)
          .log("A version that was not saved can't be taken away; restart this server");
    }
  }
}
