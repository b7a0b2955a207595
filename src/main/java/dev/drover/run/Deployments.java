package dev.drover.run;

import java.util.Set;

/** Where versions are executed; implemented by the Camel routes. */
public interface Deployments {
  /** Deploys a version beside all others; does nothing if it is deployed. */
  void deploy(DeployedWorkflow version);

  /** Takes a version away that has no runs in flight. */
  void undeploy(VersionId version);

  /** The versions that are deployed now. */
  Set<VersionId> deployed();

  /** Sends one token along each edge of the execution's frontier, in the caller's thread. */
  void launch(Execution execution);

  /** Drops the tokens that wait in joins for an execution that is over. */
  void forget(Execution execution);
}
