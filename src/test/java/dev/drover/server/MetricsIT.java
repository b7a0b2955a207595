package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.telemetry.Catalogue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape of a server shows, and how much of it. */
class MetricsIT {
  private static final Pattern SAMPLE = Pattern.compile("(drover_[a-z_]+)(?:\\{(.*)\\})? [^ ]+");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"");
  private static final Pattern NAME = Pattern.compile("`([a-z0-9]+_[a-z_0-9]+)\\*?`");
  private static final Pattern PART = Pattern.compile("_(bucket|count|sum|max)$");
  private static final String REPAIR =
      """
      name: repair
      triggers:
        - alert: { match: { alertname: Down } }
      nodes:
        fix: { agent: dear, with: {} }
        gone: { dependsOn: [fix], wait: { until: resolved, timeout: 1h } }
      """;
  private static final String LOSE =
      """
      name: lose
      budget: { perDay: 0.001 }
      nodes:
        try: { agent: broken, with: {}, retry: { attempts: 2, delay: 10ms } }
      """;
  private static final String PARENT =
      """
      name: parent
      nodes:
        below: { workflow: child }
      """;
  private static final String CHILD =
      """
      name: child
      nodes:
        ask: { approval: { message: "May I?" } }
      """;

  private static final int WORKFLOWS = 200;
  private static final int CHANGES = 20;

  /** Series that are none of a workflow, and appear in the meantime. */
  private static final long OTHERS = 60;

  @TempDir private static Path home;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    String cost = "cost: { perMinute: 60, perAttempt: 1 }";
    new ServerFiles(home)
        .agent(
            "dear",
            "cat > /dev/null; printf '{}'",
            "description: Costs.",
            cost,
            "selfTest: { input: {}, expect: {} }")
        .agent(
            "broken",
            "if grep -q fine; then printf '{}'; else exit 1; fi",
            "description: Fails.",
            cost,
            "selfTest: { input: { all: fine }, expect: {} }");
    server = RunningServer.in(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everySeriesIsDocumentedAndEveryDocumentedMetricIsThere() {
    String project = server.newProject();
    drive(project);
    server.lookAtCluster();

    String text = scrape();
    assertThat(text).as("counted once each").contains(told(project));
    Map<String, Set<String>> seen = series(text);

    Map<String, Set<String>> documented = new TreeMap<>();
    Catalogue.all()
        .forEach(metric -> documented.put(metric.name(), new TreeSet<>(metric.labels())));
    assertThat(seen).isEqualTo(documented);
  }

  /** What docs/metrics.md says of workflows whose runs all succeed. */
  @Test
  void aWorkflowHasABoundedNumberOfSeriesHoweverOftenItIsChanged() {
    String project = server.newProject();
    server.lookAtCluster(); // what is of projects appears with the first look
    long before = series();
    List<String> names = IntStream.range(0, WORKFLOWS).mapToObj(i -> "w" + i).toList();
    names.forEach(name -> server.deploy(project, three(name, 0)));
    names.forEach(name -> server.start(project, name, "{}"));
    server.allSucceeded(project, WORKFLOWS);
    long after = series();
    assertThat(after - before).isBetween(WORKFLOWS * 24L, WORKFLOWS * (40L + 11 * 3) + OTHERS);

    for (int change = 1; change <= CHANGES; change++) {
      server.deploy(project, three("w0", change));
      server.run(project, "w0", "{}");
    }
    server.removeDrained();

    assertThat(series()).isLessThanOrEqualTo(after + OTHERS);
    assertThat(scrape()).contains("/w0@" + (CHANGES + 1) + "/a\"").doesNotContain("/w0@1/a\"");
  }

  /** Of Drover and Camel. */
  private static long series() {
    return scrape().lines().filter(l -> l.startsWith("drover_") || l.startsWith("camel_")).count();
  }

  @Test
  void callersCanNotMakeSeries() {
    server.get("/api/nothing/first");
    server.managed("/metrics");
    long before = requests();
    for (int i = 0; i < 20; i++) {
      server.get("/api/nothing/" + i);
      server.get("/none/of/ours/" + i);
      server.get("/api/runs/" + i + "?project=none" + i);
      server.alerts("none" + i, "{}").isProblem(404);
      server.send(
          server.request("/api/runs/" + i).method("ODD" + i, HttpRequest.BodyPublishers.noBody()));
    }

    assertThat(requests() - before).isLessThan(10);
    assertThat(scrape()).doesNotContain("none7").doesNotContain("ODD7");
  }

  private static long requests() {
    return scrape()
        .lines()
        .filter(line -> line.startsWith("http_server_requests_seconds_count"))
        .count();
  }

  @Test
  void whatTheDocumentSaysOfOthersIsThere() throws IOException {
    String project = server.newProject();
    server.deploy(project, three("others", 0));
    server.run(project, "others", "{}");
    String document = Files.readString(Path.of("docs/metrics.md").toAbsolutePath());
    int begin = document.indexOf("## Of others");
    List<String> names =
        document
            .substring(begin, document.indexOf("## Queries"))
            .lines()
            .filter(line -> line.startsWith("| `"))
            .flatMap(line -> NAME.matcher(line.substring(0, line.indexOf('|', 1))).results())
            .map(match -> match.group(1))
            .toList();

    String text = scrape();

    assertThat(names)
        .hasSizeGreaterThan(12)
        .allSatisfy(name -> assertThat(text).contains("\n" + name));
    assertThat(text).contains("http_server_requests_seconds_bucket{");
  }

  @Test
  void thoseWhoWantOpenMetricsGetIt() {
    Reply reply =
        server.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics"))
                .header("Accept", "application/openmetrics-text; version=1.0.0"));

    assertThat(reply.is(200).contentType()).startsWith("application/openmetrics-text");
    assertThat(reply.body())
        .endsWith("# EOF\n")
        .contains("# TYPE drover_runs counter")
        .doesNotContainPattern("drover_[a-z_]+_created[ {]");
  }

  private static String three(String name, int change) {
    return """
    name: %s
    triggers:
      - webhook: { path: %s }
    nodes:
      a: { value: %d }
      b: { dependsOn: [a], value: 1 }
      c: { dependsOn: [b], value: 1 }
    """
        .formatted(name, name, change);
  }

  /** Something of everything. */
  private static void drive(String project) {
    server.deploy(project, REPAIR);
    server.deploy(project, LOSE);
    server.deploy(project, CHILD);
    server.deploy(project, PARENT);
    server.alerts(project, "{").is(400);
    server.alerts(project, alert("firing")).is(202);
    server.run(project, "lose", "{}");
    String lost = server.run(project, "lose", "{}").text("id");
    String again = server.act(project, lost, "rerun", "{}").is(202).text("id");
    server.ended(project, again);
    String parent = server.start(project, "parent", "{}");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> server.count(project, "run", "state = 'WAITING'") == 3);
    server.alerts(project, alert("resolved")).is(200);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                server.count(project, "run", "workflow = 'repair' and ended_at is not null") == 1);
    server.act(project, parent, "cancel", "{}").is(202);
    server.ended(project, parent);
  }

  /** What {@link #drive} does to a project's counters. */
  private static List<String> told(String project) {
    return """
    drover_runs_opened_total{project="%1$s",trigger="alert",workflow="repair"} 1.0
    drover_runs_opened_total{project="%1$s",trigger="manual",workflow="lose"} 2.0
    drover_runs_opened_total{project="%1$s",trigger="rerun",workflow="lose"} 1.0
    drover_runs_opened_total{project="%1$s",trigger="workflow",workflow="child"} 1.0
    drover_runs_total{project="%1$s",state="succeeded",workflow="repair"} 1.0
    drover_runs_total{project="%1$s",state="timed_out",workflow="repair"} 0.0
    drover_runs_total{project="%1$s",state="failed",workflow="lose"} 3.0
    drover_runs_total{project="%1$s",state="cancelled",workflow="parent"} 1.0
    drover_run_queue_seconds_count{project="%1$s"} 6
    drover_node_retries_total{node="try",project="%1$s",workflow="lose"} 1.0
    drover_budget_refusals_total{project="%1$s",workflow="lose"} 3.0
    drover_budget_limit{project="%1$s",workflow="lose"} 0.001
    drover_alerts_total{outcome="new",project="%1$s"} 1.0
    drover_alerts_total{outcome="resolved",project="%1$s"} 1.0
    drover_deliveries_total{answer="stored",project="%1$s"} 2.0
    drover_deliveries_total{answer="rejected",project="%1$s"} 1.0
    drover_intake_seconds_count{project="%1$s"} 2
    drover_alert_duration_seconds_sum{project="%1$s"} 200.0
    drover_remediations_total{outcome="resolved",project="%1$s",workflow="repair"} 1.0
    drover_remediation_seconds_count{project="%1$s",workflow="repair"} 1
    drover_remediation_seconds_sum{project="%1$s",workflow="repair"} 200.0
    drover_runs_current{project="%1$s",state="waiting"} 0.0
    drover_episodes_current{project="%1$s"} 0.0
    drover_agent_available{agent="dear",runtime="process"} 1.0
    drover_runs_in_flight_limit 1000.0
    drover_lease_held 1.0
    drover_servers 1.0
    """
        .formatted(project)
        .lines()
        .toList();
  }

  private static String alert(String status) {
    String end = status.equals("firing") ? "" : ",\"endsAt\":\"2026-01-01T00:03:20Z\"";
    return """
    {"version":"4","receiver":"drover","alerts":[{"status":"%s","labels":{"alertname":"Down"},
     "startsAt":"2026-01-01T00:00:00Z"%s}]}
    """
        .formatted(status, end);
  }

  private static String scrape() {
    return server.managed("/metrics").is(200).body();
  }

  /** The labels of each metric of Drover, those that belong to its buckets left out. */
  private static Map<String, Set<String>> series(String text) {
    List<String> distributed =
        Catalogue.all().stream()
            .filter(Catalogue.Described::distributed)
            .map(Catalogue.Described::name)
            .toList();
    Map<String, Set<String>> seen = new TreeMap<>();
    text.lines()
        .filter(line -> line.startsWith("drover_"))
        .forEach(
            line -> {
              Matcher sample = SAMPLE.matcher(line);
              assertThat(sample.matches()).as(line).isTrue();
              String name = PART.matcher(sample.group(1)).replaceFirst("");
              Set<String> labels = new TreeSet<>();
              Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
              while (label.find()) {
                labels.add(label.group(1));
              }
              boolean isPart = distributed.contains(name);
              if (isPart) {
                labels.remove("le");
              }
              Set<String> known = seen.putIfAbsent(isPart ? name : sample.group(1), labels);
              assertThat(known == null || known.equals(labels)).as(line).isTrue();
            });
    return seen;
  }
}
