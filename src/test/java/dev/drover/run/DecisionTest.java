package dev.drover.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.json.JsonSchema;
import dev.drover.name.NodeId;
import dev.drover.name.WorkflowName;
import dev.drover.workflow.Expression;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Graph;
import dev.drover.workflow.Inputs;
import dev.drover.workflow.Node;
import dev.drover.workflow.RunIf;
import dev.drover.workflow.Scope;
import dev.drover.workflow.Step;
import dev.drover.workflow.Workflow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {
  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final NodeId C = new NodeId("c");
  private static final Scope NOTHING = new Scope(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  /** The table of the rules, row by row: parents' states, rule, what becomes of the node. */
  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, SUCCEEDED, ALL_SUCCEEDED, runs",
    "SUCCEEDED, SKIPPED, ALL_SUCCEEDED, SKIPPED",
    "SUCCEEDED, FAILED, ALL_SUCCEEDED, UPSTREAM_FAILED",
    "SKIPPED, FAILED, ALL_SUCCEEDED, UPSTREAM_FAILED",
    "SUCCEEDED, CANCELLED, ALL_SUCCEEDED, UPSTREAM_FAILED",
    "SUCCEEDED, UPSTREAM_FAILED, ALL_SUCCEEDED, UPSTREAM_FAILED",
    "SUCCEEDED, SKIPPED, NONE_FAILED, runs",
    "SKIPPED, SKIPPED, NONE_FAILED, SKIPPED",
    "SUCCEEDED, FAILED, NONE_FAILED, UPSTREAM_FAILED",
    "SUCCEEDED, FAILED, ANY_SUCCEEDED, runs",
    "SKIPPED, SKIPPED, ANY_SUCCEEDED, SKIPPED",
    "SKIPPED, FAILED, ANY_SUCCEEDED, UPSTREAM_FAILED",
    "SUCCEEDED, FAILED, ANY_FAILED, runs",
    "SKIPPED, UPSTREAM_FAILED, ANY_FAILED, runs",
    "SUCCEEDED, SKIPPED, ANY_FAILED, SKIPPED",
    "FAILED, FAILED, ALL_DONE, runs",
    "SKIPPED, SKIPPED, ALL_DONE, runs"
  })
  void theRuleDecidesByTheStatesOfTheDependencies(
      NodeState a, NodeState b, RunIf rule, String expected) {
    assertThat(word(decide(join(rule, Optional.empty()), a, b))).isEqualTo(expected);
  }

  @Test
  void aFailureThatIsToBeContinuedCountsAsSuccess() {
    Workflow workflow =
        workflow(
            node(A, List.of(), RunIf.ALL_SUCCEEDED, Optional.empty(), true),
            node(B, List.of(), RunIf.ALL_SUCCEEDED, Optional.empty(), false),
            node(C, List.of(A, B), RunIf.ALL_SUCCEEDED, Optional.empty(), false));
    assertThat(word(decide(workflow, NodeState.FAILED, NodeState.SUCCEEDED))).isEqualTo("runs");
  }

  @Test
  void aNodeWithoutDependenciesRunsWhateverItsRuleSays() {
    Workflow workflow = workflow(node(A, List.of(), RunIf.ANY_FAILED, Optional.empty(), false));
    assertThat(Decision.decide(workflow, workflow.node(A), Map.of(), NOTHING))
        .isEqualTo(new Decision.Run());
  }

  @Test
  void aFalseConditionSkipsTheNodeAndSaysWhich() {
    Decision decision =
        decide(
            join(RunIf.ALL_DONE, Optional.of(gives(false))),
            NodeState.SUCCEEDED,
            NodeState.SUCCEEDED);
    assertThat(decision)
        .isEqualTo(
            new Decision.Settle(new NodeOutcome.Skipped("its condition is false: the condition")));
  }

  @Test
  void anErrorInTheConditionFailsTheNode() {
    Expression broken =
        new Expression() {
          @Override
          public String source() {
            return "x.y";
          }

          @Override
          public Object evaluate(Scope scope) throws ExpressionFailure {
            throw new ExpressionFailure("x.y is missing");
          }
        };
    Decision decision =
        decide(join(RunIf.ALL_DONE, Optional.of(broken)), NodeState.SUCCEEDED, NodeState.SUCCEEDED);
    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Settle.class,
            settle ->
                assertThat(settle.outcome())
                    .isInstanceOfSatisfying(
                        NodeOutcome.Failed.class,
                        failed -> {
                          assertThat(failed.failure().type()).isEqualTo(Failure.EXPRESSION);
                          assertThat(failed.failure().message()).contains("x.y is missing");
                          assertThat(failed.failure().causes()).isNotEmpty();
                        }));
  }

  @Test
  void aConditionThatIsNoBooleanFailsTheNode() {
    Decision decision =
        decide(
            join(RunIf.ALL_DONE, Optional.of(gives(1L))), NodeState.SUCCEEDED, NodeState.SUCCEEDED);
    assertThat(word(decision)).isEqualTo("FAILED");
  }

  @Test
  void theRuleIsJudgedBeforeTheCondition() {
    Decision decision =
        decide(
            join(RunIf.ALL_SUCCEEDED, Optional.of(gives(true))),
            NodeState.FAILED,
            NodeState.SUCCEEDED);
    assertThat(word(decision)).isEqualTo("UPSTREAM_FAILED");
  }

  @Test
  void reachingANodeBeforeItsDependenciesIsABug() {
    Workflow workflow = join(RunIf.ALL_DONE, Optional.empty());
    assertThatThrownBy(
            () ->
                Decision.decide(
                    workflow, workflow.node(C), Map.of(A, new NodeOutcome.Succeeded(1L)), NOTHING))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("before b was settled");
  }

  private static Decision decide(Workflow workflow, NodeState a, NodeState b) {
    return Decision.decide(
        workflow, workflow.node(C), Map.of(A, outcome(a), B, outcome(b)), NOTHING);
  }

  private static String word(Decision decision) {
    return decision instanceof Decision.Settle settle ? settle.outcome().state().name() : "runs";
  }

  private static NodeOutcome outcome(NodeState state) {
    return switch (state) {
      case SUCCEEDED -> new NodeOutcome.Succeeded(1L);
      case FAILED -> new NodeOutcome.Failed(Failure.of("X", "failed"));
      case SKIPPED -> new NodeOutcome.Skipped("skipped");
      case UPSTREAM_FAILED -> new NodeOutcome.UpstreamFailed("upstream");
      case CANCELLED -> new NodeOutcome.Cancelled("cancelled");
      case PENDING, RUNNING, WAITING ->
          throw new IllegalArgumentException(state + " is not settled");
    };
  }

  private static Workflow join(RunIf rule, Optional<Expression> when) {
    return workflow(
        node(A, List.of(), RunIf.ALL_SUCCEEDED, Optional.empty(), false),
        node(B, List.of(), RunIf.ALL_SUCCEEDED, Optional.empty(), false),
        node(C, List.of(A, B), rule, when, false));
  }

  private static Node node(
      NodeId id, List<NodeId> dependsOn, RunIf rule, Optional<Expression> when, boolean goOn) {
    return new Node(
        id,
        dependsOn,
        rule,
        when,
        new Step.Value(scope -> 1L),
        Optional.empty(),
        goOn,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Workflow workflow(Node... nodes) {
    Map<NodeId, Node> byId = new LinkedHashMap<>();
    Map<NodeId, List<NodeId>> edges = new LinkedHashMap<>();
    for (Node node : nodes) {
      byId.put(node.id(), node);
      edges.put(node.id(), node.dependsOn());
    }
    return new Workflow(
        new WorkflowName("test"),
        "",
        List.of(),
        new Inputs(JsonSchema.of(Map.of()), Map.of()),
        byId,
        new Graph(edges),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Expression gives(Object value) {
    return new Expression() {
      @Override
      public String source() {
        return "the condition";
      }

      @Override
      public Object evaluate(Scope scope) {
        return value;
      }
    };
  }
}
