package dev.drover.route;

import dev.drover.run.NodeState;
import dev.drover.run.RunState;
import dev.drover.workflow.RunIf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A random workflow of up to 60 nodes, and what must become of it by a naive reading of the rules:
 * node after node in topological order, states looked up, the table applied word by word.
 */
record RandomDag(String name, List<RandomNode> nodes) {
  private static final int MAX_NODES = 60;

  /** What the node does if it runs. */
  enum Work {
    SUCCEEDS("value: 1"),
    FAILS("value: \"${{ int('x') }}\""),
    ECHOES("to: direct:echo"),
    BREAKS("to: direct:boom");

    private final String yaml;

    Work(String yaml) {
      this.yaml = yaml;
    }

    boolean succeeds() {
      return this == SUCCEEDS || this == ECHOES;
    }
  }

  /** What its condition says. */
  enum Condition {
    NONE(""),
    TRUE("when: 1 < 2"),
    FALSE("when: inputs.no"),
    ERROR("when: inputs.missing.deeper");

    private final String yaml;

    Condition(String yaml) {
      this.yaml = yaml;
    }
  }

  record RandomNode(
      String id,
      List<String> dependsOn,
      RunIf runIf,
      Condition when,
      Work work,
      boolean continueOnError) {}

  static RandomDag of(String name, Random random) {
    int size = 1 + random.nextInt(MAX_NODES);
    double density = random.nextDouble() * 3 / size;
    List<RandomNode> nodes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<String> dependsOn = new ArrayList<>();
      for (RandomNode earlier : nodes) {
        if (random.nextDouble() < density) {
          dependsOn.add(earlier.id());
        }
      }
      nodes.add(
          new RandomNode(
              "node-" + i,
              dependsOn,
              pick(random, List.of(RunIf.values()), 0),
              pick(random, List.of(Condition.values()), 70),
              pick(random, List.of(Work.values()), 60),
              random.nextInt(5) == 0));
    }
    return new RandomDag(name, nodes);
  }

  /** The first value in so many cases of a hundred, else any. */
  private static <T> T pick(Random random, List<T> values, int percent) {
    return values.get(random.nextInt(100) < percent ? 0 : random.nextInt(values.size()));
  }

  String yaml() {
    StringBuilder yaml = new StringBuilder("name: " + name + "\n");
    yaml.append("inputs: { no: { type: boolean, default: false }, missing: { type: object,")
        .append(" default: {} } }\nnodes:\n");
    for (RandomNode node : nodes) {
      yaml.append("  ").append(node.id()).append(":\n");
      line(yaml, "dependsOn: [" + String.join(", ", node.dependsOn()) + "]");
      line(yaml, "runIf: " + node.runIf().word());
      line(yaml, node.when().yaml);
      line(yaml, "continueOnError: " + node.continueOnError());
      line(yaml, node.work().yaml);
    }
    return yaml.toString();
  }

  private static void line(StringBuilder yaml, String text) {
    if (!text.isEmpty()) {
      yaml.append("    ").append(text).append('\n');
    }
  }

  /** The state that every node must end in. */
  Map<String, NodeState> expected() {
    Map<String, NodeState> states = new LinkedHashMap<>();
    Map<String, RandomNode> byId = new LinkedHashMap<>();
    for (RandomNode node : nodes) {
      byId.put(node.id(), node);
      int s = 0;
      int k = 0;
      int f = 0;
      for (String parent : node.dependsOn()) {
        NodeState state = states.get(parent);
        if (state == NodeState.SUCCEEDED
            || (state == NodeState.FAILED && byId.get(parent).continueOnError())) {
          s++;
        } else if (state == NodeState.SKIPPED) {
          k++;
        } else {
          f++;
        }
      }
      states.put(node.id(), stateOf(node, s, k, f));
    }
    return states;
  }

  private static NodeState stateOf(RandomNode node, int s, int k, int f) {
    if (!node.dependsOn().isEmpty()) {
      if (node.runIf() == RunIf.ALL_SUCCEEDED && !(k == 0 && f == 0)) {
        return f > 0 ? NodeState.UPSTREAM_FAILED : NodeState.SKIPPED;
      }
      if (node.runIf() == RunIf.NONE_FAILED && !(f == 0 && s > 0)) {
        return f > 0 ? NodeState.UPSTREAM_FAILED : NodeState.SKIPPED;
      }
      if (node.runIf() == RunIf.ANY_SUCCEEDED && !(s > 0)) {
        return f > 0 ? NodeState.UPSTREAM_FAILED : NodeState.SKIPPED;
      }
      if (node.runIf() == RunIf.ANY_FAILED && !(f > 0)) {
        return NodeState.SKIPPED;
      }
    }
    if (node.when() == Condition.FALSE) {
      return NodeState.SKIPPED;
    }
    return node.when() == Condition.ERROR || !node.work().succeeds()
        ? NodeState.FAILED
        : NodeState.SUCCEEDED;
  }

  /** The state that the run must end in. */
  RunState expectedRun() {
    Map<String, NodeState> states = expected();
    return nodes.stream()
            .anyMatch(n -> states.get(n.id()) == NodeState.FAILED && !n.continueOnError())
        ? RunState.FAILED
        : RunState.SUCCEEDED;
  }
}
