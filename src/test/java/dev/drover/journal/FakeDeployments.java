package dev.drover.journal;

import dev.drover.run.DeployedWorkflow;
import dev.drover.run.Deployments;
import dev.drover.run.Execution;
import dev.drover.run.VersionId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Remembers what is deployed, and fails where the test wants it. */
public final class FakeDeployments implements Deployments {
  private final Map<VersionId, DeployedWorkflow> deployed = new ConcurrentHashMap<>();
  private volatile Consumer<DeployedWorkflow> trouble = version -> {};

  /** What happens at each deployment; an exception is a deployment that fails. */
  public void trouble(Consumer<DeployedWorkflow> what) {
    trouble = what;
  }

  /** The description of what is deployed under an id. */
  public String description(VersionId id) {
    return deployed.get(id).workflow().description();
  }

  @Override
  public void deploy(DeployedWorkflow version) {
    if (!deployed.containsKey(version.id())) {
      trouble.accept(version);
      deployed.put(version.id(), version);
    }
  }

  @Override
  public void undeploy(VersionId version) {
    deployed.remove(version);
  }

  @Override
  public Set<VersionId> deployed() {
    return Set.copyOf(deployed.keySet());
  }

  @Override
  public void launch(Execution execution) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void forget(Execution execution) {}
}
