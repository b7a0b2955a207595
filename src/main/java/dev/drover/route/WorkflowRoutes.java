package dev.drover.route;

import dev.drover.name.NodeId;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.Execution;
import dev.drover.workflow.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.processor.aggregate.MemoryAggregationRepository;
import org.apache.camel.support.ExpressionAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a version into routes: one per node, so that a route diagram is the author's DAG; a
 * multicast wherever an edge forks, an aggregator wherever edges meet. Every join gets a token from
 * every edge, whatever happened before it, and so always completes.
 */
final class WorkflowRoutes extends RouteBuilder {
  /** So few branches are entered one after the other; more are worth several threads. */
  private static final int FEW = 8;

  private final RouteIds ids;
  private final Graph graph;
  private final ExecutorService pool;
  private final ExecutorService here = new SameThread();
  private final List<MemoryAggregationRepository> joins = new ArrayList<>();

  WorkflowRoutes(DeployedWorkflow version, ExecutorService pool) {
    this.ids = new RouteIds(version.id());
    this.graph = version.workflow().graph();
    this.pool = pool;
  }

  @Override
  public void configure() {
    onException(Throwable.class).handled(true).process(WorkflowRoutes::fault);

    send(
        from(RouteIds.endpoint(ids.start())).routeId(ids.start()),
        graph.roots().stream().map(ids::node).toList());

    for (NodeId node : graph.nodes()) {
      int inDegree = graph.predecessors(node).size();
      if (inDegree > 1) {
        join(ids.join(node), inDegree, ids.node(node));
      }
      send(
          from(RouteIds.endpoint(ids.node(node)))
              .routeId(ids.node(node))
              .to(DroverComponent.node(ids.node(node))),
          targetsOf(node));
    }

    int leaves = graph.leaves().size();
    if (leaves > 1) {
      join(ids.endJoin(), leaves, ids.end());
    }
    from(RouteIds.endpoint(ids.end())).routeId(ids.end()).to(DroverComponent.end(ids.end()));
  }

  /** Drops the tokens that wait in joins for an execution that is over. */
  void forget(Execution execution) {
    joins.forEach(join -> join.remove(getContext(), execution.key(), null));
  }

  /**
   * Adds the routes as new ones. Camel's own way first removes a route of the same id, for which it
   * looks through the endpoints of every route that there is: with thousands of routes that makes
   * most of the cost. Ours carry a version number and are never there before.
   */
  @Override
  protected void populateRoutes() throws Exception {
    ModelCamelContext camel = (ModelCamelContext) getContext();
    getRouteCollection().setCamelContext(camel);
    List<RouteDefinition> routes = getRouteCollection().getRoutes();
    synchronized (camel.getCamelContextExtension().getContextPlugin(Model.class)) {
      camel.getRouteDefinitions().addAll(routes);
      try {
        camel.startRouteDefinitions(routes);
      } catch (Exception e) {
        camel.removeRouteDefinitions(routes); // those that did start too
        throw e;
      }
    }
  }

  private List<String> targetsOf(NodeId node) {
    List<NodeId> successors = graph.successors(node);
    return successors.isEmpty()
        ? List.of(entryToEnd())
        : successors.stream().map(this::entryTo).toList();
  }

  /** The route that takes the tokens of edges to a node. */
  String entryTo(NodeId node) {
    return graph.predecessors(node).size() > 1 ? ids.join(node) : ids.node(node);
  }

  /** The route that takes the tokens of edges to the end. */
  String entryToEnd() {
    return graph.leaves().size() > 1 ? ids.endJoin() : ids.end();
  }

  private void join(String routeId, int inDegree, String target) {
    MemoryAggregationRepository waiting = new MemoryAggregationRepository();
    joins.add(waiting);
    from(RouteIds.endpoint(routeId))
        .routeId(routeId)
        .aggregate(new JoinKey(), (first, second) -> second)
        .aggregationRepository(waiting)
        .ignoreInvalidCorrelationKeys()
        .completionSize(inDegree)
        .executorService(here)
        .to(RouteIds.endpoint(target));
  }

  private void send(ProcessorDefinition<?> route, List<String> targets) {
    String[] endpoints = targets.stream().map(RouteIds::endpoint).toArray(String[]::new);
    if (endpoints.length == 1) {
      route.to(endpoints[0]);
    } else {
      ExecutorService branches = endpoints.length > FEW ? pool : here;
      route.multicast().parallelProcessing().executorService(branches).to(endpoints);
    }
  }

  /** Nothing in these routes is expected to throw; what does ends its run with the cause. */
  private static void fault(Exchange exchange) {
    Token token = Token.in(exchange);
    Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    if (token != null) {
      token.execution().carrier().fault(token.execution(), cause);
    }
  }

  /** Joins are keyed by run and epoch; the tokens of an execution that is over join nothing. */
  private static final class JoinKey extends ExpressionAdapter {
    @Override
    public @Nullable Object evaluate(Exchange exchange) {
      Token token = Token.in(exchange);
      return token != null && token.execution().isLive() ? token.execution().key() : null;
    }
  }
}
