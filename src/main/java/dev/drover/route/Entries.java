package dev.drover.route;

import dev.drover.run.Edge;
import dev.drover.run.Execution;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;

/** The doors by which tokens enter a version's routes from outside. */
final class Entries {
  private final CamelContext camel;
  private final RouteIds ids;
  private final WorkflowRoutes routes;
  private final Map<String, AsyncProducer> producers = new ConcurrentHashMap<>();

  Entries(CamelContext camel, RouteIds ids, WorkflowRoutes routes) {
    this.camel = camel;
    this.ids = ids;
    this.routes = routes;
  }

  /** Starts a run at the beginning. */
  void start(Execution execution) {
    send(ids.start(), execution);
  }

  /** Puts a token on one edge. */
  void enter(Edge edge, Execution execution) {
    if (edge instanceof Edge.FromStart from) {
      send(ids.node(from.to()), execution);
    } else if (edge instanceof Edge.Between between) {
      send(routes.entryTo(between.to()), execution);
    } else {
      send(routes.entryToEnd(), execution);
    }
  }

  private void send(String routeId, Execution execution) {
    try {
      AsyncProducer producer = producers.computeIfAbsent(routeId, this::producer);
      Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
      exchange.getMessage().setBody(new Token(execution));
      producer.process(
          exchange,
          sync -> {
            if (exchange.getException() != null) {
              execution.carrier().fault(execution, exchange.getException());
            }
          });
    } catch (RuntimeException | Error e) {
      execution.carrier().fault(execution, e);
    }
  }

  private AsyncProducer producer(String routeId) {
    try {
      Endpoint endpoint = camel.getEndpoint(RouteIds.endpoint(routeId));
      AsyncProducer producer = endpoint.createAsyncProducer();
      producer.start();
      return producer;
    } catch (Exception e) {
      throw new IllegalStateException("route " + routeId + " can't be entered", e);
    }
  }
}
