package dev.drover.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.name.NodeId;
import dev.drover.name.WorkflowName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of the keys by which runs wait, repeat, repair and share. */
class DurableKeysTest {
  private static final Workflow DURABLE =
      Documents.valid(WorkflowReaderTest.fixture("valid/durable"));

  private static Node node(String id) {
    return DURABLE.node(new NodeId(id));
  }

  private static Node only(String node) {
    return Documents.valid("{name: w, nodes: {a: " + node + "}}").node(new NodeId("a"));
  }

  private static Scope scope(Map<NodeId, Map<String, Object>> nodes) {
    return new Scope(Map.of(), Map.of("host", "db-7"), nodes, Map.of(), Map.of("name", "default"));
  }

  private static Object value(Template template) throws ExpressionFailure {
    return template.evaluate(scope(Map.of()));
  }

  @Test
  void aRetryIsReadWhole() {
    assertThat(node("inspect").retry())
        .contains(
            new Retry(
                5, Duration.ofSeconds(2), 3, Duration.ofMinutes(1), 0, Set.of(Retry.On.TIMEOUT)));
  }

  @Test
  void aNumberIsARetryWithThatManyAttempts() {
    assertThat(node("clean").retry()).contains(Retry.DEFAULT);
    assertThat(only("{agent: notifier, retry: 7}").retry())
        .contains(
            new Retry(
                7,
                Duration.ofSeconds(1),
                2,
                Duration.ofMinutes(5),
                0.2,
                Set.of(Retry.On.ERROR, Retry.On.TIMEOUT)));
    assertThat(only("{agent: notifier, retry: {}}").retry()).contains(Retry.DEFAULT);
    assertThat(only("{agent: notifier}").retry()).isEmpty();
  }

  @Test
  void aLongDelayIsNotCutByTheUsualMaximum() {
    assertThat(node("told").retry().map(Retry::maxDelay)).contains(Duration.ofMinutes(10));
  }

  @Test
  void anAgentThatMustNotBeStartedTwiceMaySayThatItIsTriedOnce() {
    assertThat(only("{agent: deployer, retry: 1}").retry().map(Retry::attempts)).contains(1);
  }

  @Test
  void itemsAreSeenByWithAndValue() throws Exception {
    Node clean = node("clean");
    assertThat(clean.forEach().map(ForEach::maxParallel)).contains(4);
    Scope item = scope(Map.of()).withItem(Map.of("path", "/tmp"), 1);
    assertThat(((Step.Agent) clean.step()).with().evaluate(item))
        .isEqualTo(Map.of("path", "/tmp", "number", 2L));
    Node names = node("names");
    assertThat(names.forEach().map(ForEach::maxParallel)).contains(ForEach.DEFAULT_PARALLEL);
    assertThat(value(names.forEach().orElseThrow().items())).isEqualTo(List.of("a", "db-7", 3L));
    assertThat(((Step.Value) names.step()).value().evaluate(scope(Map.of()).withItem("a", 0)))
        .isEqualTo("0: a");
  }

  @Test
  void itemsComeFromAnExpression() throws Exception {
    Map<String, Object> large = Map.of("path", "/var", "size", 5L);
    Map<String, Object> small = Map.of("path", "/tmp", "size", 0L);
    Scope scope =
        scope(
            Map.of(
                new NodeId("inspect"),
                Map.of(
                    "status",
                    "SUCCEEDED",
                    "output",
                    Map.of("directories", List.of(large, small)))));
    assertThat(node("clean").forEach().orElseThrow().items().evaluate(scope))
        .isEqualTo(List.of(large));
  }

  @Test
  void anUndoSeesTheItemAndTheNodeItself() throws Exception {
    Undo undo = node("clean").undo().orElseThrow();
    assertThat(undo.timeout()).contains(Duration.ofSeconds(30));
    Scope scope =
        scope(Map.of())
            .withNode(new NodeId("clean"), Map.of("output", Map.of("was", 9L)))
            .withItem(Map.of("path", "/tmp"), 3);
    assertThat(((Step.Agent) undo.step()).with().evaluate(scope))
        .isEqualTo(Map.of("path", "/tmp", "was", 9L, "number", 3L));
    assertThat(((Step.To) node("extend").undo().orElseThrow().step()).uri())
        .isEqualTo("direct:notify");
    assertThat(node("inspect").undo()).isEmpty();
  }

  @Test
  void approvalsSayWhatIsAskedAndWhatSilenceMeans() throws Exception {
    Step.Approval ask = (Step.Approval) node("ask").step();
    assertThat(value(ask.message())).isEqualTo("Extend the volume of db-7?");
    assertThat(ask.timeout()).contains(Duration.ofHours(1));
    assertThat(ask.onTimeout()).isEqualTo(Step.OnTimeout.APPROVE);
    Step.Approval forEver = (Step.Approval) node("ask-for-ever").step();
    assertThat(forEver.timeout()).isEmpty();
    assertThat(forEver.onTimeout()).isEqualTo(Step.OnTimeout.REJECT);
    assertThat(forEver.kind()).isEqualTo("approval");
  }

  @Test
  void waitsAreForATimeOrUntilTheAlertIsOver() throws Exception {
    assertThat(value(((Step.WaitFor) node("pause").step()).duration())).isEqualTo("10m");
    assertThat(node("pause-as-told").step()).isInstanceOf(Step.WaitFor.class);
    assertThat(node("verify").step())
        .isEqualTo(new Step.WaitUntilResolved(Optional.of(Duration.ofMinutes(15))));
    assertThat(node("verify-for-ever").step())
        .isEqualTo(new Step.WaitUntilResolved(Optional.empty()));
  }

  @Test
  void aWaitOfMoreThanTenYearsIsAProblem() {
    String wait = "{name: w, nodes: {a: {wait: {for: %s}}}}";
    assertThat(Documents.problems(wait.formatted("3650d"))).isEmpty();
    assertThat(Documents.problems(wait.formatted("4000d")))
        .containsExactly(
            "w.yaml:1:35: nodes.a.wait.for: too long to wait: \"4000d\"; at most 3650d");
  }

  @Test
  void otherWorkflowsAreCalledWithInputs() throws Exception {
    Step.Call extend = (Step.Call) node("extend").step();
    assertThat(extend.workflow()).isEqualTo(new WorkflowName("extend-volume"));
    assertThat(value(extend.with())).isEqualTo(Map.of("host", "db-7"));
    assertThat(node("extend").timeout()).contains(Duration.ofMinutes(30));
    assertThat(value(((Step.Call) only("{workflow: other}").step()).with())).isEqualTo(Map.of());
  }

  @Test
  void alertsHaveCooldownsAndSchedulesHaveZones() {
    Trigger.Alert alert = (Trigger.Alert) DURABLE.triggers().get(0);
    assertThat(alert.cooldown()).contains(Duration.ofMinutes(10));
    assertThat(alert.onResolved()).isEqualTo(Trigger.OnResolved.CANCEL);
    assertThat(DURABLE.triggers().subList(1, 3))
        .containsExactly(
            new Trigger.Schedule("0 0 3 * * *", ZoneId.of("Europe/Berlin"), Trigger.Missed.SKIP),
            new Trigger.Schedule("0 30 3 * * *", ZoneId.of("UTC"), Trigger.Missed.ONCE));
  }

  @Test
  void alertsWithoutOptionsNeverCoolDownAndNeverCancel() {
    Trigger.Alert alert =
        (Trigger.Alert)
            Documents.valid("{name: w, triggers: [{alert: {match: {}}}], nodes: {a: {value: 1}}}")
                .triggers()
                .get(0);
    assertThat(alert.cooldown()).isEmpty();
    assertThat(alert.onResolved()).isEqualTo(Trigger.OnResolved.CONTINUE);
  }

  @Test
  void runsShareSlotsByKey() throws Exception {
    Concurrency concurrency = DURABLE.concurrency().orElseThrow();
    assertThat(value(concurrency.key())).isEqualTo("db-7/default");
    assertThat(concurrency.limit()).isEqualTo(2);
    assertThat(concurrency.overflow()).isEqualTo(Concurrency.Overflow.REPLACE);
    assertThat(DURABLE.timeout()).contains(Duration.ofHours(2));
  }

  @Test
  void whatAWorkflowMaySpendIsReadExactly() {
    SpendingLimit budget = DURABLE.budget().orElseThrow();
    assertThat(budget.perRun()).contains(new BigDecimal("0.1"));
    assertThat(budget.perDay()).contains(new BigDecimal("20"));
    assertThat(Documents.valid("{name: w, nodes: {a: {value: 1}}}").budget()).isEmpty();
  }

  @Test
  void withoutKeyAllRunsShareOneSlotAndTheOthersWait() throws Exception {
    Workflow workflow = Documents.valid("{name: w, concurrency: {}, nodes: {a: {value: 1}}}");
    Concurrency concurrency = workflow.concurrency().orElseThrow();
    assertThat(value(concurrency.key())).isEqualTo("");
    assertThat(concurrency.limit()).isEqualTo(1);
    assertThat(concurrency.overflow()).isEqualTo(Concurrency.Overflow.QUEUE);
    assertThat(workflow.timeout()).isEmpty();
    assertThat(Documents.valid("{name: w, nodes: {a: {value: 1}}}").concurrency()).isEmpty();
  }

  @Test
  void aScheduleNeedsADefaultForEachInput() {
    String schedule = ", nodes: {a: {value: 1}}, triggers: [{schedule: {cron: '0 0 3 * * *'}}]}";
    assertThat(Documents.problems("{name: w, inputs: {x: {type: string}}" + schedule)).hasSize(1);
    assertThat(Documents.problems("{name: w, inputs: {x: {type: string, default: y}}" + schedule))
        .isEmpty();
  }

  @Test
  void recordsRefuseWhatNoReaderWouldMake() {
    Template none = scope -> List.of();
    assertThatThrownBy(() -> new ForEach(none, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Concurrency(none, 0, Concurrency.Overflow.DROP))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Undo(new Step.Value(none), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new Retry(0, second, 1, second, 0, Set.of(Retry.On.ERROR)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
