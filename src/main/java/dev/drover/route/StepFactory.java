package dev.drover.route;

import dev.drover.agent.Agents;
import dev.drover.workflow.Node;
import dev.drover.workflow.Step;
import dev.drover.workflow.Undo;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;

/** Makes the step that a node's route executes. */
final class StepFactory {
  private final CamelContext camel;
  private final ExecutorService callers;
  private final Agents agents;
  private final ChildRuns children;
  private final Parts parts;

  StepFactory(
      CamelContext camel, ExecutorService callers, Agents agents, ChildRuns children, Parts parts) {
    this.camel = camel;
    this.callers = callers;
    this.agents = agents;
    this.children = children;
    this.parts = parts;
  }

  NodeStep stepFor(Node node) {
    return new NodeStep(node, runner(node.step()), parts);
  }

  EndStep end() {
    return new EndStep(new Undoings(this::undoing, parts));
  }

  private StepRunner undoing(Undo undo) {
    return runner(undo.step());
  }

  private StepRunner runner(Step step) {
    if (step instanceof Step.Agent agent) {
      return new AgentStep(agent, agents, parts);
    } else if (step instanceof Step.To to) {
      return new CallStep(to, camel, callers, parts);
    } else if (step instanceof Step.Call call) {
      return new WorkflowStep(call, children, parts);
    } else if (step instanceof Step.Approval approval) {
      return new ApprovalStep(approval, parts.clock());
    } else if (step instanceof Step.WaitFor wait) {
      return new DelayStep(wait, parts.clock());
    } else if (step instanceof Step.WaitUntilResolved wait) {
      return new ResolvedStep(wait, parts.clock());
    }
    return new ValueStep((Step.Value) step);
  }
}
