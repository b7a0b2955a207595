package dev.drover.workflow;

import dev.drover.name.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An output that a node reads to do its work.
 *
 * @param of the node whose output it is
 * @param guarded whether the reader's author has said what happens if it is absent
 */
public record OutputRead(NodeId of, boolean guarded) {
  private static final int OUTPUT = 1;

  /** What a node reads before and while it does its step, each node once. */
  public static List<OutputRead> by(Node node) {
    List<Expression> expressions = new ArrayList<>();
    node.when().ifPresent(expressions::add);
    node.forEach().ifPresent(each -> expressions.addAll(Templates.expressions(each.items())));
    templates(node.step()).forEach(t -> expressions.addAll(Templates.expressions(t)));
    Map<NodeId, Boolean> guarded = new LinkedHashMap<>();
    for (Expression expression : expressions) {
      for (Read read : reads(expression)) {
        if (isOfOutput(read)) {
          guarded.merge(
              new NodeId((String) read.steps().get(0)), read.isGuarded(OUTPUT), Boolean::logicalOr);
        }
      }
    }
    return guarded.entrySet().stream().map(e -> new OutputRead(e.getKey(), e.getValue())).toList();
  }

  private static List<Template> templates(Step step) {
    if (step instanceof Step.Agent agent) {
      return List.of(agent.with());
    } else if (step instanceof Step.To to) {
      return List.of(to.with());
    } else if (step instanceof Step.Value value) {
      return List.of(value.value());
    } else if (step instanceof Step.Call call) {
      return List.of(call.with());
    } else if (step instanceof Step.Approval approval) {
      return List.of(approval.message());
    }
    return step instanceof Step.WaitFor wait ? List.of(wait.duration()) : List.of();
  }

  private static List<Read> reads(Expression expression) {
    if (expression instanceof PathExpression path) {
      return List.of(path.read());
    }
    return expression instanceof CelExpression cel ? cel.reads() : List.of();
  }

  private static boolean isOfOutput(Read read) {
    return read.root().equals("nodes")
        && read.steps().size() > OUTPUT
        && read.steps().get(0) instanceof String
        && "output".equals(read.steps().get(OUTPUT));
  }
}
