package dev.drover.route;

import dev.drover.agent.Agents;
import dev.drover.run.Journal;
import dev.drover.run.RunListener;
import dev.drover.workflow.Node;
import dev.drover.workflow.Step;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;

/** Makes the step that a node's route executes. */
final class StepFactory {
  private final CamelContext camel;
  private final ExecutorService callers;
  private final Agents agents;
  private final Journal journal;
  private final RunListener listener;
  private final Clock clock;

  StepFactory(
      CamelContext camel,
      ExecutorService callers,
      Agents agents,
      Journal journal,
      RunListener listener,
      Clock clock) {
    this.camel = camel;
    this.callers = callers;
    this.agents = agents;
    this.journal = journal;
    this.listener = listener;
    this.clock = clock;
  }

  NodeStep stepFor(Node node) {
    return new NodeStep(node, runner(node.step()), journal, listener, clock);
  }

  private StepRunner runner(Step step) {
    if (step instanceof Step.Agent agent) {
      return new AgentStep(agent, agents, journal, listener, clock);
    } else if (step instanceof Step.To to) {
      return new CallStep(to, camel, callers, journal, clock);
    } else if (step instanceof Step.Value value) {
      return new ValueStep(value);
    }
    throw new IllegalStateException("no runner for " + step.kind());
  }
}
