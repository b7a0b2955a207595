package dev.drover.route;

import com.fasterxml.uuid.Generators;
import dev.drover.agent.AgentCall;
import dev.drover.agent.AgentCost;
import dev.drover.agent.Agents;
import dev.drover.agent.AttemptIdentity;
import dev.drover.agent.AttemptResult;
import dev.drover.agent.LogLine;
import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.name.AgentName;
import dev.drover.run.Async;
import dev.drover.run.Attempted;
import dev.drover.run.NodeState;
import dev.drover.run.RunEvent;
import dev.drover.run.RunListener;
import dev.drover.run.TraceParent;
import dev.drover.run.Tracing;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets any route call a registered agent: {@code agent:<name>}. The body is the agent's input as
 * JSON text or a map, and becomes its output as JSON text. Asynchronous: no thread waits.
 */
public final class AgentComponent extends DefaultComponent {
  /** The scheme under which the component is registered. */
  public static final String SCHEME = "agent";

  private static final Logger LOG = LoggerFactory.getLogger(AgentComponent.class);
  private final Agents agents;
  private final RunListener listener;
  private final Clock clock;
  private final Tracing tracing;

  /** Calls agents of the given registry. */
  public AgentComponent(Agents agents, RunListener listener, Clock clock, Tracing tracing) {
    this.agents = agents;
    this.listener = listener;
    this.clock = clock;
    this.tracing = tracing;
  }

  /** What the route does now; whatever traces the route makes that known. */
  private Optional<String> here() {
    return tracing.current().map(TraceParent::toString);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    return new AgentEndpoint(uri, this, new AgentName(remaining));
  }

  private static final class AgentEndpoint extends DefaultEndpoint {
    private final AgentComponent component;
    private final AgentName agent;

    AgentEndpoint(String uri, AgentComponent component, AgentName agent) {
      super(uri, component);
      this.component = component;
      this.agent = agent;
    }

    @Override
    public Producer createProducer() {
      return new AgentProducer(this, component, agent);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      throw new UnsupportedOperationException("an agent can't be read from");
    }
  }

  private static final class AgentProducer extends DefaultAsyncProducer {
    private final AgentComponent component;
    private final AgentName agent;

    AgentProducer(Endpoint endpoint, AgentComponent component, AgentName agent) {
      super(endpoint);
      this.component = component;
      this.agent = agent;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      Map<String, Object> input;
      try {
        input = input(exchange);
      } catch (InvalidJson e) {
        exchange.setException(e);
        callback.done(true);
        return true;
      }
      String id = Generators.timeBasedEpochGenerator().generate().toString();
      String route = exchange.getFromRouteId();
      AttemptIdentity identity =
          new AttemptIdentity(id, route == null ? "-" : route, 1, id, component.here());
      Instant startedAt = component.clock.instant();
      AgentCall call = new AgentCall(agent, input, Optional.empty(), identity, this::log);
      AgentCost cost =
          component.agents.find(agent).map(a -> a.manifest().cost()).orElse(AgentCost.NONE);
      Async.whenDone(
          component.agents.run(call).result(),
          (result, thrown) -> {
            if (result != null) {
              component.listener.on(new RunEvent.AttemptEnded(attempted(result, cost, startedAt)));
            }
            finish(exchange, result, thrown);
            callback.done(false);
          },
          bug -> {
            exchange.setException(bug);
            callback.done(false);
          });
      return false;
    }

    private CompletableFuture<?> log(List<LogLine> lines) {
      for (LogLine line : lines) {
        LOG.atDebug()
            .addKeyValue("agent", agent)
            .addKeyValue("line", line.number())
            .log(line.text());
      }
      return CompletableFuture.completedFuture(null);
    }

    private static Map<String, Object> input(Exchange exchange) throws InvalidJson {
      Object body = exchange.getMessage().getBody();
      String text =
          body instanceof Map ? Json.print(body) : exchange.getMessage().getBody(String.class);
      return text == null || text.isBlank() ? Map.of() : Json.asObject(Json.parse(text));
    }

    private static NodeState state(AttemptResult result) {
      if (result instanceof AttemptResult.Succeeded) {
        return NodeState.SUCCEEDED;
      }
      return result instanceof AttemptResult.Failed ? NodeState.FAILED : NodeState.CANCELLED;
    }

    private Attempted attempted(AttemptResult result, AgentCost cost, Instant startedAt) {
      return new Attempted(
          Optional.empty(),
          agent.value(),
          result.runtime(),
          state(result),
          AgentStep.failure(result),
          AgentStep.usage(result, cost),
          new Attempted.Times(startedAt, component.clock.instant()));
    }

    private void finish(
        Exchange exchange,
        @org.jspecify.annotations.Nullable AttemptResult result,
        @org.jspecify.annotations.Nullable Throwable thrown) {
      if (thrown != null) {
        exchange.setException(thrown);
      } else if (result instanceof AttemptResult.Succeeded succeeded) {
        exchange.getMessage().setBody(Json.print(succeeded.output()));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
      } else if (result instanceof AttemptResult.Failed failed) {
        exchange.setException(
            new RuntimeCamelException(
                "agent " + agent + ": " + failed.type() + ": " + failed.message()));
      } else {
        exchange.setException(new RuntimeCamelException("agent " + agent + " was cancelled"));
      }
    }
  }
}
