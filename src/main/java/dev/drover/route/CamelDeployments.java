package dev.drover.route;

import dev.drover.agent.Agents;
import dev.drover.name.NodeId;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.Deployments;
import dev.drover.run.Edge;
import dev.drover.run.Execution;
import dev.drover.run.VersionId;
import dev.drover.workflow.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;

/**
 * Deploys versions as Camel routes and puts tokens into them. A version is added whole, in one
 * call: adding routes one by one costs several times as much.
 */
public final class CamelDeployments implements Deployments {
  private final CamelContext camel;
  private final ExecutorService pool;
  private final StepFactory steps;
  private final Map<VersionId, Deployed> deployed = new ConcurrentHashMap<>();

  /**
   * @param pools where tokens travel, and where endpoints are called
   */
  public CamelDeployments(
      CamelContext camel, Pools pools, Agents agents, ChildRuns children, Parts parts) {
    this.camel = camel;
    this.pool = pools.tokens();
    this.steps = new StepFactory(camel, pools.calls(), agents, children, parts);
  }

  /**
   * The threads that all versions share.
   *
   * @param tokens never blocks
   * @param calls for endpoints of nodes, most of which block their caller
   */
  public record Pools(ExecutorService tokens, ExecutorService calls) {}

  private record Deployed(DeployedWorkflow version, WorkflowRoutes routes, Entries entries) {}

  @Override
  public void deploy(DeployedWorkflow version) {
    deployed.computeIfAbsent(version.id(), id -> addRoutes(version));
  }

  @Override
  public Set<VersionId> deployed() {
    return Set.copyOf(deployed.keySet());
  }

  @Override
  public void undeploy(VersionId id) {
    Deployed removed = deployed.remove(id);
    if (removed == null) {
      return;
    }
    try {
      for (Route route : List.copyOf(camel.getRoutes())) {
        if (route.getRouteId().startsWith(id + "/")) {
          camel.getRouteController().stopRoute(route.getRouteId());
          camel.removeRoute(route.getRouteId());
        }
      }
      removeSteps(removed.version);
    } catch (Exception e) {
      throw new IllegalStateException("the routes of " + id + " could not be removed", e);
    }
  }

  @Override
  public void launch(Execution execution) {
    Deployed target = deployed.get(execution.deployed().id());
    if (target == null) {
      throw new IllegalStateException(execution.deployed().id() + " is not deployed");
    }
    if (!execution.isResumed()) {
      target.entries.start(execution);
      return;
    }
    for (Edge edge : execution.outcomes().frontier()) {
      target.entries.enter(edge, execution);
    }
  }

  @Override
  public void forget(Execution execution) {
    Deployed target = deployed.get(execution.deployed().id());
    if (target != null) {
      target.routes.forget(execution);
    }
  }

  private Deployed addRoutes(DeployedWorkflow version) {
    RouteIds ids = new RouteIds(version.id());
    DroverComponent component = component();
    for (Node node : version.workflow().nodes().values()) {
      component.add(DroverComponent.node(ids.node(node.id())), steps.stepFor(node));
    }
    component.add(DroverComponent.end(ids.end()), steps.end());
    WorkflowRoutes routes = new WorkflowRoutes(version, pool);
    try {
      camel.addRoutes(routes);
    } catch (Exception e) {
      removeSteps(version);
      throw new IllegalStateException("the routes of " + version.id() + " could not be added", e);
    }
    return new Deployed(version, routes, new Entries(camel, ids, routes));
  }

  /** Camel removes the endpoints of a route with it; the steps behind them are ours to remove. */
  private void removeSteps(DeployedWorkflow version) {
    RouteIds ids = new RouteIds(version.id());
    DroverComponent component = component();
    for (NodeId node : version.workflow().nodes().keySet()) {
      component.remove(DroverComponent.node(ids.node(node)));
    }
    component.remove(DroverComponent.end(ids.end()));
  }

  private DroverComponent component() {
    return camel.getComponent(DroverComponent.SCHEME, DroverComponent.class);
  }
}
