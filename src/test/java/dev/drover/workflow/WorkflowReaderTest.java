package dev.drover.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.name.AgentName;
import dev.drover.name.NodeId;
import dev.drover.yaml.DurationText;
import dev.drover.yaml.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowReaderTest {
  static String fixture(String name) {
    String path = "/workflows/" + name + ".yaml";
    try (InputStream in = WorkflowReaderTest.class.getResourceAsStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A bad fixture lists its problems itself, in lines that begin with "# ! ". */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "agents",
        "alert-options",
        "approvals",
        "bad-expressions",
        "bad-names",
        "budget-of-nothing",
        "budgets",
        "concurrency",
        "concurrency-limits",
        "cycle-of-three-behind-a-good-node",
        "cycle-of-two",
        "duplicate-dependency",
        "duplicate-keys",
        "durations-and-rules",
        "endpoints",
        "inputs",
        "items",
        "keys-of-later-versions",
        "missing-keys",
        "no-nodes",
        "reads-of-items",
        "reads-out-of-reach",
        "retries",
        "schedule-fields",
        "schedules",
        "self-dependency",
        "sub-workflows",
        "triggers",
        "two-cycles",
        "two-steps",
        "undo",
        "unknown-dependency",
        "unknown-key",
        "unknown-roots-and-fields",
        "waits",
        "with-of-value",
        "wrong-types",
      })
  void everyProblemIsReportedWhereItStands(String name) {
    String text = fixture("bad/" + name);
    List<String> expected =
        text.lines()
            .filter(line -> line.startsWith("# ! "))
            .map(line -> "w.yaml:" + line.substring(4).replace("RULE", DurationText.RULE))
            .toList();
    assertThat(Documents.problems(text)).containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"scan-and-notify", "n-shape", "hyphens", "guarded-trigger", "switch", "durable"})
  void goodDocumentsAreValid(String name) {
    assertThat(Documents.problems(fixture("valid/" + name))).isEmpty();
  }

  @Test
  void allThatTheAuthorWroteIsThere() {
    Workflow workflow = Documents.valid(fixture("valid/scan-and-notify"));
    assertThat(workflow.name().value()).isEqualTo("scan-and-notify");
    assertThat(workflow.description()).isEqualTo("Scans a source tree and tells someone.");
    assertThat(workflow.nodes().keySet()).containsExactly(new NodeId("scan"), new NodeId("notify"));
    Node notify = workflow.node(new NodeId("notify"));
    assertThat(notify.dependsOn()).containsExactly(new NodeId("scan"));
    assertThat(notify.runIf()).isEqualTo(RunIf.ALL_DONE);
    assertThat(notify.continueOnError()).isTrue();
    assertThat(notify.when().map(Expression::source))
        .contains("nodes.scan.status != 'SUCCEEDED' || nodes.scan.output.total > 0");
    Node scan = workflow.node(new NodeId("scan"));
    assertThat(scan.timeout()).contains(Duration.ofSeconds(90));
    assertThat(scan.when()).isEmpty();
    assertThat(((Step.Agent) scan.step()).agent()).isEqualTo(new AgentName("scanner"));
    assertThat(workflow.graph().roots()).containsExactly(new NodeId("scan"));
    assertThat(workflow.graph().leaves()).containsExactly(new NodeId("notify"));
    assertThat(workflow.outputs()).containsOnlyKeys("total");
  }

  @Test
  void triggersMatchLabels() {
    List<Trigger> triggers = Documents.valid(fixture("valid/scan-and-notify")).triggers();
    assertThat(triggers).hasSize(2);
    assertThat(triggers.get(1)).isEqualTo(new Trigger.Webhook("scan"));
    Trigger.Alert alert = (Trigger.Alert) triggers.get(0);
    assertThat(alert.per()).isEqualTo(Trigger.Per.ALERT);
    Map<String, String> labels =
        Map.of("alertname", "SuspiciousCommit", "severity", "critical", "host", "db-1");
    assertThat(alert.matches(labels)).isTrue();
    assertThat(alert.matches(Map.of("alertname", "SuspiciousCommit", "host", "db-1"))).isFalse();
    assertThat(alert.matches(Map.of("alertname", "x", "severity", "warning", "host", "db-1")))
        .isFalse();
    assertThat(
            alert.matches(
                Map.of("alertname", "SuspiciousCommit", "severity", "warning", "host", "xdb-1")))
        .isFalse();
  }

  @Test
  void inputsAreCompletedAndChecked() {
    Inputs inputs = Documents.valid(fixture("valid/scan-and-notify")).inputs();
    assertThat(inputs.complete(Map.of("channel", "ops")))
        .isEqualTo(Map.of("target", "/srv/code", "depth", 3L, "channel", "ops"));
    assertThat(inputs.faults(inputs.complete(Map.of("channel", "ops")))).isEmpty();
    assertThat(inputs.faults(inputs.complete(Map.of())))
        .containsExactly("$: required property 'channel' not found");
    assertThat(inputs.faults(inputs.complete(Map.of("channel", "x", "depth", 10L, "y", 1L))))
        .hasSize(3);
  }

  @Test
  void templatesComputeOverTheRun() throws Exception {
    Workflow workflow = Documents.valid(fixture("valid/scan-and-notify"));
    Scope scope =
        new Scope(
            Map.of(),
            Map.of("target", "/src", "depth", 2L, "channel", "ops"),
            Map.of(
                new NodeId("scan"), Map.of("status", "SUCCEEDED", "output", Map.of("total", 7L))),
            Map.of(),
            Map.of());
    Step.Agent scan = (Step.Agent) workflow.node(new NodeId("scan")).step();
    assertThat(scan.with().evaluate(scope))
        .isEqualTo(Map.of("target", "/src", "depth", 2L, "options", Map.of("strict", true)));
    Step.Agent notify = (Step.Agent) workflow.node(new NodeId("notify")).step();
    assertThat(notify.with().evaluate(scope))
        .isEqualTo(Map.of("channel", "ops", "text", "scan of /src: 7"));
    assertThat(workflow.outputs().get("total").evaluate(scope)).isEqualTo(7L);
  }

  @Test
  void failuresNameTheirPlaceInTheDocument() {
    Workflow workflow =
        Documents.valid(
            "{name: w, nodes: {a: {value: {x: ['n ${{ trigger.alert.labels.y }}']}}},"
                + " triggers: [{alert: {match: {}}}]}");
    Scope scope =
        new Scope(
            Map.of("alert", Map.of("labels", Map.of("host", "h"))),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of());
    assertThat(workflow.nodes()).hasSize(1);
    Step.Value step = (Step.Value) workflow.node(new NodeId("a")).step();
    assertThat(failure(step.value(), scope))
        .contains(
            "nodes.a.value.x[0]: trigger.alert.labels.y is missing; there are: host"
                + " (in: trigger.alert.labels.y)");
  }

  private static Optional<String> failure(Template template, Scope scope) {
    try {
      template.evaluate(scope);
      return Optional.empty();
    } catch (ExpressionFailure e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  @Test
  void agentsThatCannotRunHereAreWarnedOf() {
    Reading reading = Documents.read("name: w\nnodes:\n  a: { agent: broken }");
    assertThat(((Reading.Valid) reading).warnings().stream().map(Problem::toString))
        .containsExactly(
            "w.yaml:3:15: nodes.a.agent: agent \"broken\" is not available here:"
                + " node is not installed");
  }

  @Test
  void anEmptyWithIsAnEmptyObject() throws Exception {
    Workflow workflow =
        Documents.valid("{name: w, nodes: {a: {agent: notifier}, b: {to: 'log:x'}}}");
    assertThat(
            ((Step.Agent) workflow.node(new NodeId("a")).step())
                .with()
                .evaluate(Evaluation.scope()))
        .isEqualTo(Map.of());
    assertThat(
            ((Step.To) workflow.node(new NodeId("b")).step()).with().evaluate(Evaluation.scope()))
        .isEqualTo(Map.of());
  }

  @Test
  void idsMayDifferInCaseOnly() {
    Workflow workflow =
        Documents.valid(
            "{name: w, nodes: {a: {value: 1}, A: {dependsOn: [a], value: '${{ nodes.a.output }}'}}}");
    assertThat(workflow.nodes()).hasSize(2);
  }
}
