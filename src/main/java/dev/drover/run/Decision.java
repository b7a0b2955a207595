package dev.drover.run;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.workflow.Expression;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Node;
import dev.drover.workflow.RunIf;
import dev.drover.workflow.Scope;
import dev.drover.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node does next, once all its dependencies are settled. A pure function of the workflow,
 * the outcomes of the dependencies and the data of the run, so that it gives the same answer after
 * a restart.
 */
public sealed interface Decision {
  /** The node does its step. */
  record Run() implements Decision {}

  /** The node is settled without doing anything. */
  record Settle(NodeOutcome outcome) implements Decision {}

  /** Decides for one node; {@code outcomes} holds at least those of its dependencies. */
  static Decision decide(
      Workflow workflow, Node node, Map<NodeId, NodeOutcome> outcomes, Scope scope) {
    Parents parents = Parents.of(workflow, node, outcomes);
    return parents
        .obstacle(node.runIf())
        .<Decision>map(Settle::new)
        .orElseGet(() -> node.when().map(when -> judge(when, scope)).orElseGet(Run::new));
  }

  private static Decision judge(Expression when, Scope scope) {
    try {
      Object value = when.evaluate(scope);
      if (value instanceof Boolean holds) {
        return holds
            ? new Run()
            : new Settle(new NodeOutcome.Skipped("its condition is false: " + when.source()));
      }
      return failed(
          "`when` must give true or false, but gave a value of type "
              + Json.typeOf(value)
              + ": "
              + when.source());
    } catch (ExpressionFailure e) {
      return new Settle(new NodeOutcome.Failed(Failure.of(Failure.EXPRESSION, e.getMessage(), e)));
    }
  }

  private static Decision failed(String message) {
    return new Settle(new NodeOutcome.Failed(Failure.of(Failure.EXPRESSION, message)));
  }

  /**
   * The dependencies by what they mean for the node.
   *
   * @param succeeded SUCCEEDED, or FAILED with {@code continueOnError}
   */
  record Parents(List<NodeId> succeeded, List<NodeId> skipped, List<NodeId> failed) {
    static Parents of(Workflow workflow, Node node, Map<NodeId, NodeOutcome> outcomes) {
      Parents parents = new Parents(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (NodeId id : node.dependsOn()) {
        NodeOutcome outcome = outcomes.get(id);
        if (outcome == null) {
          throw new IllegalStateException(node.id() + " was reached before " + id + " was settled");
        }
        parents.listFor(outcome, workflow.node(id)).add(id);
      }
      return parents;
    }

    private List<NodeId> listFor(NodeOutcome outcome, Node parent) {
      if (outcome instanceof NodeOutcome.Succeeded) {
        return succeeded;
      } else if (outcome instanceof NodeOutcome.Skipped) {
        return skipped;
      }
      return outcome instanceof NodeOutcome.Failed && parent.continueOnError() ? succeeded : failed;
    }

    /** The outcome that the rule gives instead of running; empty if the node may run. */
    Optional<NodeOutcome> obstacle(RunIf rule) {
      if (succeeded.isEmpty() && skipped.isEmpty() && failed.isEmpty()) {
        return Optional.empty();
      }
      boolean runs =
          switch (rule) {
            case ALL_SUCCEEDED -> skipped.isEmpty() && failed.isEmpty();
            case NONE_FAILED -> failed.isEmpty() && !succeeded.isEmpty();
            case ANY_SUCCEEDED -> !succeeded.isEmpty();
            case ANY_FAILED -> !failed.isEmpty();
            case ALL_DONE -> true;
          };
      if (runs) {
        return Optional.empty();
      }
      return Optional.of(
          failed.isEmpty()
              ? new NodeOutcome.Skipped(reason(rule, "skipped", skipped))
              : new NodeOutcome.UpstreamFailed(reason(rule, "failed", failed)));
    }

    private String reason(RunIf rule, String what, List<NodeId> ids) {
      if (rule == RunIf.ANY_FAILED) {
        return "it runs only if a dependency failed (runIf: any-failed), and none did";
      }
      String names = String.join(", ", ids.stream().map(NodeId::value).toList());
      return "runIf: " + rule.word() + " does not hold: " + what + " before it: " + names;
    }
  }
}
