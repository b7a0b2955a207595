package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TraceCollector;
import dev.drover.TraceCollector.Told;
import dev.drover.TraceCollector.Trace;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real receiver of OTLP gets to know of runs: whole traces, and nothing of their data. */
class TracesIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String CALLER = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLERS = "00-" + CALLER + "-b7ad6b7169203331-01";
  private static final String SECRET = "marker-of-data";

  private static final String DIAMOND =
      """
      name: diamond
      triggers:
        - alert: { match: { alertname: Disk } }
      nodes:
        look: { agent: teller, with: { text: "${{ trigger.alert.annotations.summary }}" } }
        left: { dependsOn: [look], to: "direct:known", with: { text: marker-of-data } }
        right: { dependsOn: [look], forEach: [a, b], agent: teller, with: { text: "${{ item }}" } }
        end: { dependsOn: [left, right], value: 1 }
      """;

  @TempDir private static Path home;
  private static TraceCollector collector;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    collector = TraceCollector.start();
    new ServerFiles(home)
        .agent("teller", "echo \"\\\"$TRACEPARENT\\\"\"")
        .agent("failing", "echo 'marker-of-data' >&2; exit 75")
        .route(
            "direct:known",
            "- log: { message: '${body} marker-of-data' }",
            "- to: { uri: 'direct:deeper' }")
        .route("direct:deeper", "- to: { uri: 'agent:teller' }")
        .route(
            "direct:broken",
            "- throwException: { exceptionType: java.lang.IllegalStateException,"
                + " message: marker-of-data }");
    server =
        RunningServer.in(
            home,
            "--otel.exporter.otlp.endpoint=" + collector.url(),
            "--otel.bsp.schedule.delay=40",
            "--otel.resource.attributes=deployment.environment=test");
    // On a busy machine the first request may come to its turn too late.
    await().atMost(SOON).until(() -> server.get("/api/workflows").status() == 200);
  }

  @AfterAll
  static void stop() {
    server.close();
    collector.close();
  }

  private static Reply alert(String project, String traceparent) {
    String alert =
        "{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"alertname\":\"Disk\"},"
            + "\"annotations\":{\"summary\":\"marker-of-data\"}}]}";
    return server.send(
        server
            .request("/api/webhooks/alertmanager/" + project)
            .header("Content-Type", "application/json")
            .header("traceparent", traceparent)
            .POST(BodyPublishers.ofString(alert)));
  }

  /** The whole trace of a run, once its first span, which is told last, is there. */
  private static Trace trace(Reply run) {
    String id = run.text("id");
    String trace = run.text("traceId");
    await()
        .atMost(SOON)
        .until(
            () ->
                !collector
                    .spans(s -> s.name().startsWith("run ") && s.attributes().containsValue(id))
                    .isEmpty());
    return collector.trace(trace);
  }

  private static List<String> links(Told... spans) {
    return List.of(spans).stream().map(Told::place).toList();
  }

  @Test
  void oneTraceLeadsFromTheCallerOfAnAlertToItsAgents() {
    String project = server.newProject();
    server.deploy(project, DIAMOND);
    Reply answer = alert(project, CALLERS).is(202);
    Reply run = server.ended(project, answer.text("runs.0.id"));
    Trace trace = trace(run);
    assertThat(trace.id()).isEqualTo(CALLER);
    Told http = trace.one("POST /api/webhooks/alertmanager/{project}");
    assertThat(http.parent()).isEqualTo("b7ad6b7169203331");
    assertThat(http.kind()).isEqualTo("SPAN_KIND_SERVER");
    assertThat(http.attributes())
        .containsEntry("http.request.method", "POST")
        .containsEntry("http.response.status_code", "202")
        .containsEntry("http.route", "/api/webhooks/alertmanager/{project}");
    Told intake = trace.one("intake");
    Told route =
        trace.spans().stream()
            .filter(s -> s.id().equals(intake.parent()))
            .findFirst()
            .orElseThrow();
    assertThat(route.parent()).isEqualTo(http.id());
    assertThat(route.name()).startsWith("route ");
    assertThat(intake.attributes())
        .containsEntry("drover.project", project)
        .containsEntry("drover.delivery", answer.text("delivery"))
        .containsEntry("drover.runs", "1");
    trace.nests("intake", "run diamond", "node look");
    trace.nests("run diamond", "node left", "call left", "route direct-known");
    trace.nests("run diamond", "node right");
    trace.nests("run diamond", "node end");
    Told look = trace.one("node look");
    Told right = trace.one("node right");
    List<Told> items = trace.all("item right", 2);
    assertThat(items).allSatisfy(i -> assertThat(i.parent()).isEqualTo(right.id()));
    List<Told> agents = trace.all("agent teller", 3);
    assertThat(agents.stream().map(Told::parent))
        .containsExactlyInAnyOrder(look.id(), items.get(0).id(), items.get(1).id());
    Told agent = agents.stream().filter(a -> a.parent().equals(look.id())).findAny().orElseThrow();
    assertThat(RunningServer.node(run, "look"))
        .containsEntry("output", "00-" + agent.place() + "-01");
    assertThat(agent.attributes())
        .containsEntry("drover.run", run.text("id"))
        .containsEntry("drover.workflow", "diamond")
        .containsEntry("drover.workflow.version", "1")
        .containsEntry("drover.node", "look")
        .containsEntry("drover.attempt", "1")
        .containsEntry("drover.agent", "teller")
        .containsEntry("drover.runtime", "process")
        .containsEntry("drover.state", "succeeded");
    assertThat(items.stream().map(i -> i.attributes().get("drover.item")))
        .containsExactlyInAnyOrder("0", "1");
    assertThat(agent.resource())
        .containsEntry("service.name", "drover")
        .containsEntry("deployment.environment", "test")
        .containsKeys("service.instance.id", "service.version");
    insideOneAnother(trace);
  }

  /** What a route calls by hand, is beneath the route; so is what its agent tells. */
  @Test
  void routesAndTheAgentsTheyCallAreBeneathTheirNode() {
    String project = server.newProject();
    server.deploy(project, "name: calls\nnodes:\n  call: { to: 'direct:known' }\n");
    Reply run = server.run(project, "calls", "{}");
    Trace trace = trace(run);
    trace.nests("node call", "call call", "route direct-known");
    trace.all("route direct-deeper", 1);
    String told = String.valueOf(RunningServer.node(run, "call").get("output"));
    List<String> path = new java.util.ArrayList<>();
    for (String id = told.substring(36, 52); !id.isEmpty(); ) {
      String at = id;
      Told span = await().atMost(SOON).until(() -> find(trace, at), s -> s != null);
      path.add(span.name());
      id = span.parent();
    }
    assertThat(path)
        .startsWith("agent", "route direct-deeper")
        .containsSubsequence("route direct-known", "call call", "node call", "run calls")
        .endsWith("POST /api/workflows/{name}/runs");
    assertThat(trace.spans().stream().map(Told::name)).noneMatch(n -> n.contains("@"));
  }

  private static Told find(Trace trace, String id) {
    return trace.spans().stream().filter(s -> s.id().equals(id)).findFirst().orElse(null);
  }

  /** Every parent is there, no span is there twice, and none is outside the time of its parent. */
  private static void insideOneAnother(Trace trace) {
    List<Told> spans = trace.spans();
    Map<String, Told> byId = spans.stream().collect(Collectors.toMap(Told::id, s -> s));
    long clocks = Duration.ofMillis(100).toNanos(); // the database's and this machine's
    for (Told span : spans) {
      Told parent = byId.get(span.parent());
      if (parent == null) {
        assertThat(span.kind()).as(span.name()).isEqualTo("SPAN_KIND_SERVER");
      } else if (parent.name().matches("(run|node|item) .*")) {
        assertThat(span.startNanos()).isGreaterThanOrEqualTo(parent.startNanos() - clocks);
        assertThat(span.endNanos()).isLessThanOrEqualTo(parent.endNanos() + clocks);
      }
    }
  }

  @Test
  void attemptsThatFollowOneAnotherAreLinkedAndSayWhatWentWrongByItsTypeOnly() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: retried
        nodes:
          work: { agent: failing, retry: { attempts: 3, delay: 20ms } }
          broken: { to: "direct:broken" }
        """);
    Reply run = server.run(project, "retried", "{}");
    Trace trace = trace(run);
    List<Told> attempts =
        trace.all("agent failing", 3).stream()
            .sorted(java.util.Comparator.comparing(a -> a.attributes().get("drover.attempt")))
            .toList();
    assertThat(attempts.get(0).links()).isEmpty();
    assertThat(attempts.get(1).links()).isEqualTo(links(attempts.get(0)));
    assertThat(attempts.get(2).links()).isEqualTo(links(attempts.get(1)));
    assertThat(trace.one("node work").failed()).isTrue();
    assertThat(attempts.get(2).failed()).isTrue();
    assertThat(attempts.get(2).attributes()).containsEntry("error.type", "TEMPORARY");
    Told call = trace.one("call broken");
    assertThat(call.failed()).isTrue();
    assertThat(call.attributes()).containsEntry("error.type", "java.lang.IllegalStateException");
    assertThat(trace.one("run retried").attributes())
        .containsEntry("error.type", "FAILED")
        .containsEntry("drover.state", "failed");
  }

  @Test
  void whatARunWaitsForIsInItsTraceAndTheResumeIsLinked() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: asking
        nodes:
          ask: { approval: { message: "marker-of-data?" } }
          then: { dependsOn: [ask], value: 1 }
        """);
    String id = server.start(project, "asking", "{}");
    server.until(project, id, run -> run.text("state").equals("WAITING"));
    server.act(project, id, "nodes/ask/approve", "{\"by\":\"ann\"}").is(202);
    Trace trace = trace(server.ended(project, id));
    trace.nests("run asking", "node ask", "wait approval");
    Told run = trace.one("run asking");
    Told wait = trace.one("wait approval");
    Told node = trace.one("node ask");
    Told resume = trace.one("resume");
    assertThat(resume.parent()).isEqualTo(run.id());
    assertThat(resume.links()).isEqualTo(links(run));
    assertThat(resume.attributes())
        .containsEntry("drover.epoch", "2")
        .containsEntry("drover.take_up", "resumed");
    assertThat(wait.startNanos()).isLessThan(resume.startNanos());
    assertThat(node.startNanos()).isLessThan(resume.startNanos());
    assertThat(node.endNanos()).isGreaterThanOrEqualTo(resume.startNanos());
  }

  @Test
  void aSubWorkflowAndARepeatedRunHaveTracesThatAreLinked() {
    String project = server.newProject();
    server.deploy(project, "name: inner\nnodes:\n  only: { to: 'direct:broken' }\n");
    server.deploy(project, "name: outer\nnodes:\n  call: { workflow: inner }\n");
    Reply outer = server.run(project, "outer", "{}");
    Trace trace = trace(outer);
    Reply inner = server.ended(project, outer.text("children.0.id"));
    Trace below = trace(inner);
    assertThat(below.id()).isNotEqualTo(trace.id());
    Told first = below.one("run inner");
    assertThat(first.parent()).isEmpty();
    assertThat(first.links()).isEqualTo(links(trace.one("node call")));
    assertThat(trace.one("wait workflow").links()).isEqualTo(links(first));
    assertThat(trace.one("wait workflow").attributes())
        .containsEntry("drover.child.run", inner.text("id"));

    String again = server.act(project, outer.text("id"), "rerun", "{}").is(202).text("id");
    Trace next = trace(server.ended(project, again));
    assertThat(next.id()).isNotEqualTo(trace.id());
    assertThat(next.one("run outer").links()).isEqualTo(links(trace.one("run outer")));
    assertThat(next.named("resume"))
        .noneMatch(resume -> resume.attributes().get("drover.epoch").equals("1"));
  }

  @Test
  void theRunsOfAStormHaveTracesOfTheirOwnThatLeadToTheDelivery() {
    String project = server.newProject();
    server.deploy(
        project,
        """
        name: storm
        triggers: [{ alert: { match: { alertname: Disk } } }]
        nodes: { only: { value: 1 } }
        """);
    String alerts =
        IntStream.range(0, 11)
            .mapToObj(
                i ->
                    "{\"status\":\"firing\",\"labels\":{\"alertname\":\"Disk\",\"n\":\"%d\"}}"
                        .formatted(i))
            .collect(Collectors.joining(","));
    Reply answer = server.alerts(project, "{\"alerts\":[" + alerts + "]}").is(202);
    assertThat(answer.list("runs")).hasSize(11);
    server.allSucceeded(project, 11);
    await().atMost(SOON).until(() -> collector.spans(s -> isRunOf(s, project)).size() == 11);
    List<Told> runs = collector.spans(s -> isRunOf(s, project));
    Told intake =
        collector
            .spans(s -> answer.text("delivery").equals(s.attributes().get("drover.delivery")))
            .get(0);
    assertThat(runs).allSatisfy(r -> assertThat(r.links()).isEqualTo(links(intake)));
    assertThat(runs).allSatisfy(r -> assertThat(r.parent()).isEmpty());
    assertThat(runs.stream().map(Told::trace).collect(Collectors.toSet()))
        .hasSize(11)
        .doesNotContain(intake.trace());
  }

  private static boolean isRunOf(Told span, String project) {
    return span.name().startsWith("run ")
        && project.equals(span.attributes().get("drover.project"));
  }

  @Test
  void aDeliveryThatWaitsForTheDatabaseKeepsItsPlaceInItsTrace() {
    String project = server.newProject();
    server.deploy(project, DIAMOND);
    String trace = "1".repeat(32);
    server.withoutDatabase(
        () -> {
          Reply answer = alert(project, "00-" + trace + "-b7ad6b7169203331-01").is(202);
          assertThat(answer.at("outcomes.spooled")).isEqualTo(1L);
        });
    server.allSucceeded(project, 1);
    Trace told = collector.trace(trace);
    told.nests("intake", "run diamond", "node look");
    Told http = told.one("POST /api/webhooks/alertmanager/{project}");
    assertThat(told.one("intake").startNanos()).isGreaterThan(http.endNanos());
  }

  @Test
  void whatACallerDoesNotWantRecordedIsNotAndStillReachesTheAgents() {
    String project = server.newProject();
    server.deploy(project, DIAMOND);
    String trace = "2".repeat(32);
    Reply answer = alert(project, "00-" + trace + "-b7ad6b7169203331-00").is(202);
    Reply run = server.ended(project, answer.text("runs.0.id"));
    assertThat(run.at("traceId")).isNull();
    assertThat(String.valueOf(RunningServer.node(run, "look").get("output")))
        .matches("00-" + trace + "-[0-9a-f]{16}-00");
    await().pollDelay(Duration.ofMillis(200)).atMost(SOON).until(() -> true);
    assertThat(collector.trace(trace).spans()).isEmpty();
  }

  @Test
  void aPlaceThatIsNoneIsIgnored() {
    String project = server.newProject();
    server.deploy(project, DIAMOND);
    for (String wrong : List.of("", "x".repeat(5_000), "00-" + "0".repeat(32) + "-1-01")) {
      assertThat(alert(project, wrong).status()).isIn(200, 202);
    }
    server.allSucceeded(project, 1);
  }

  @Test
  void whoMayNotCallLeavesNoSpanAndNothingOfTheDataIsInAny() {
    server.get("/api/runs?project=no-such-project").isProblem(404);
    server.get("/api/marker-of-data").isProblem(404);
    String project = server.newProject();
    server.deploy(project, DIAMOND);
    server.ended(project, alert(project, "").is(202).text("runs.0.id"));
    await().pollDelay(Duration.ofMillis(300)).atMost(SOON).until(() -> true);
    assertThat(collector.spans()).isNotEmpty();
    assertThat(collector.spans(s -> s.raw().contains("no-such-project"))).isEmpty();
    assertThat(collector.spans(s -> s.raw().contains(SECRET))).isEmpty();
    assertThat(collector.spans().stream().map(Told::place).collect(Collectors.toSet()))
        .hasSameSizeAs(collector.spans());
    Set<String> names = collector.spans().stream().map(Told::name).collect(Collectors.toSet());
    assertThat(names).hasSizeLessThan(60);
  }
}
