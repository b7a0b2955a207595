package dev.drover.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.JsonSchema;
import dev.drover.name.AgentName;
import dev.drover.name.NodeId;
import dev.drover.run.Rerun.Again;
import dev.drover.run.Rerun.Earlier;
import dev.drover.run.Rerun.From;
import dev.drover.run.Rerun.Missing;
import dev.drover.run.RunQueries.NodeView;
import dev.drover.workflow.AgentCatalog;
import dev.drover.workflow.EndpointRules;
import dev.drover.workflow.Reading;
import dev.drover.workflow.Workflow;
import dev.drover.workflow.WorkflowReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RerunTest {
  private static final String DIAMOND =
      """
      name: diamond
      nodes:
        join: { dependsOn: [left, right], value: "${{ [nodes.left.output, nodes.right.output] }}" }
        left: { dependsOn: [top], agent: once, with: { n: "${{ nodes.top.output }}" } }
        right: { dependsOn: [top], value: "${{ nodes.top.output }}" }
        top: { value: 1 }
      """;

  @Test
  void whatSucceededBehindNothingButSuccessesIsKept() {
    Rerun plan = plan(DIAMOND, Map.of("top", "SUCCEEDED", "left", "FAILED", "right", "SUCCEEDED"));

    assertThat(plan.kept()).containsExactly(id("right"), id("top"));
    assertThat(plan.again())
        .containsExactly(
            new Again(id("join"), "it was not reached"), new Again(id("left"), "it failed"));
  }

  @Test
  void aSuccessBehindAFailureRunsAgain() {
    Rerun plan =
        plan(
            DIAMOND,
            Map.of("top", "FAILED", "left", "SUCCEEDED", "right", "SKIPPED", "join", "SUCCEEDED"));

    assertThat(plan.kept()).isEmpty();
    assertThat(plan.again())
        .contains(
            new Again(id("left"), "it comes after top"),
            new Again(id("join"), "it comes after left"));
  }

  @Test
  void whatWasSkippedForGoodReasonStaysSkipped() {
    Rerun plan = plan(DIAMOND, Map.of("top", "SUCCEEDED", "left", "CANCELLED", "right", "SKIPPED"));

    assertThat(plan.kept()).containsExactly(id("right"), id("top"));
    assertThat(plan.missing())
        .containsExactly(
            new Missing(id("join"), id("left"), true), new Missing(id("join"), id("right"), false));
  }

  @Test
  void whatWasUndoneIsDoneAgain() {
    List<NodeView> rows = new ArrayList<>(rows(Map.of("top", "SUCCEEDED", "right", "SUCCEEDED")));
    rows.add(row(NodeItem.of(id("top")).undo(), NodeState.FAILED, 1));

    Rerun plan = plan(From.FAILED, rows, DIAMOND, VersionChange.NONE);

    assertThat(plan.kept()).isEmpty();
    assertThat(plan.again()).contains(new Again(id("top"), "what it did was undone"));
  }

  @Test
  void fromTheStartNothingIsKeptAndOnceAgentsThatWereStartedAreNamed() {
    List<NodeView> rows = rows(Map.of("top", "SUCCEEDED", "left", "SUCCEEDED"));

    Rerun plan = plan(From.START, rows, DIAMOND, VersionChange.NONE);

    assertThat(plan.kept()).isEmpty();
    assertThat(plan.missing()).isEmpty();
    assertThat(plan.onceAgain()).containsExactly(id("left"));
    Rerun unstarted = plan(From.START, rows(Map.of()), DIAMOND, VersionChange.NONE);
    assertThat(unstarted.onceAgain()).isEmpty();
  }

  @Test
  void anItemThatWasStartedIsEnoughForItsNodeToBeNamed() {
    List<NodeView> rows = new ArrayList<>(rows(Map.of("top", "SUCCEEDED")));
    rows.add(row(NodeItem.of(id("left"), 3), NodeState.FAILED, 1));

    assertThat(plan(From.FAILED, rows, DIAMOND, VersionChange.NONE).onceAgain())
        .containsExactly(id("left"));
  }

  @Test
  void ofAnotherVersionThatIsKeptWhichIsWrittenTheSame() {
    String newer =
        """
        # laid out differently
        name: diamond
        description: another
        nodes:
          top: { "value": 1 }
          right: { value: "${{ nodes.top.output + 1 }}", dependsOn: [top] }
          left: { agent: once, dependsOn: [ top ], with: { n: "${{ nodes.top.output }}" } }
          added: { dependsOn: [top], value: 1 }
          late: { dependsOn: [added, left], value: "${{ nodes.left.output }}" }
        """;
    Map<String, String> states =
        Map.of("top", "SUCCEEDED", "left", "SUCCEEDED", "right", "SUCCEEDED", "join", "FAILED");

    Rerun plan = plan(From.FAILED, rows(states), newer, VersionChange.between(DIAMOND, newer));

    assertThat(plan.kept()).containsExactly(id("top"), id("left"));
    assertThat(plan.again())
        .containsExactly(
            new Again(id("right"), "it is written differently in this version"),
            new Again(id("added"), "it is new in this version"),
            new Again(id("late"), "it is new in this version"));
  }

  @Test
  void anOutputThatItsReaderCanDoWithoutIsNotMissing() {
    String guarded =
        """
        name: guarded
        nodes:
          top: { value: 1 }
          maybe: { dependsOn: [top], when: "false", value: 1 }
          end:
            dependsOn: [maybe]
            runIf: all-done
            value: "${{ has(nodes.maybe.output) ? nodes.maybe.output : nodes.top.output }}"
        """;

    Rerun plan = plan(guarded, Map.of("top", "SUCCEEDED", "maybe", "SKIPPED", "end", "FAILED"));

    assertThat(plan.kept()).containsExactly(id("top"), id("maybe"));
    assertThat(plan.missing()).isEmpty();
  }

  @Test
  void aLongChainNeedsNoDeepStack() {
    StringBuilder yaml = new StringBuilder("name: chain\nnodes:\n  n0: { value: 0 }\n");
    for (int i = 1; i < 900; i++) {
      yaml.append("  n%d: { dependsOn: [n%d], value: 0 }\n".formatted(i, i - 1));
    }

    assertThat(plan(yaml.toString(), Map.of()).again()).hasSize(900);
  }

  private static Rerun plan(String yaml, Map<String, String> states) {
    return plan(From.FAILED, rows(states), yaml, VersionChange.NONE);
  }

  private static Rerun plan(From from, List<NodeView> rows, String yaml, VersionChange change) {
    return Rerun.plan(
        from, Earlier.of(rows), read(yaml), change, agent -> agent.value().equals("once"));
  }

  private static List<NodeView> rows(Map<String, String> states) {
    return states.entrySet().stream()
        .map(e -> row(NodeItem.of(id(e.getKey())), NodeState.valueOf(e.getValue()), 1))
        .toList();
  }

  private static NodeView row(NodeItem item, NodeState state, int attempts) {
    return new NodeView(
        item, state, attempts, null, null, null, null, null, null, null, Usage.NONE);
  }

  private static NodeId id(String text) {
    return new NodeId(text);
  }

  private static Workflow read(String yaml) {
    Reading reading =
        new WorkflowReader(
                new AnyAgent(), new EndpointRules(List.of("*")), cron -> Optional.empty())
            .read("test.yaml", yaml);
    assertThat(reading).as(reading.toString()).isInstanceOf(Reading.Valid.class);
    return ((Reading.Valid) reading).workflow();
  }

  private static final class AnyAgent implements AgentCatalog {
    @Override
    public Collection<AgentName> names() {
      return List.of();
    }

    @Override
    public Optional<Entry> find(AgentName name) {
      return Optional.of(new Entry(JsonSchema.of(Map.of()), false, Optional.empty()));
    }
  }
}
