package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of costs, wherever it is shown, is the sum of the attempts. */
class CostApiIT {
  private static final String TWICE =
      """
      name: twice
      budget: { perRun: 0.25, perDay: 100 }
      nodes:
        first: { agent: cheap }
        items: { dependsOn: [first], forEach: [1, 2], agent: dear }
        never: { dependsOn: [items], agent: dear }
        free: { dependsOn: [never], runIf: any-failed, agent: free }
      """;

  @TempDir private static Path home;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    new ServerFiles(home)
        .agent("cheap", "sleep 0.1; echo 1", "cost: { perMinute: 0.06 }")
        .agent("dear", "echo 1", "cost: { perMinute: 0.06, perAttempt: 0.125 }")
        .agent("free", "echo 1")
        .route("direct:by-hand", "- to:\n    uri: agent:dear");
    server = RunningServer.in(home, "--drover.endpoints.allowed=direct:by-hand");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  private static double sum(List<Map<String, Object>> items, String field) {
    return items.stream().mapToDouble(item -> number(item.get(field))).sum();
  }

  private static List<Map<String, Object>> attempts(String project, String run, String node) {
    return server
        .get("/api/runs/%s/nodes/%s&project=%s".formatted(run, node, project))
        .is(200)
        .list("items");
  }

  private static double metric(String name, String project, String agent, String more) {
    return server.metric(
        "%s{agent=\"%s\",project=\"%s\",%sworkflow=\"twice\"}"
            .formatted(name, agent, project, more));
  }

  @Test
  void runNodesWorkflowAndProjectAddUpToTheirAttempts() {
    String project = server.newProject();
    server.deploy(project, TWICE);
    Reply run = server.run(project, "twice", "{}");
    String id = run.text("id");
    List<Map<String, Object>> cheap = attempts(project, id, "first/attempts?item=");
    List<Map<String, Object>> one = attempts(project, id, "items/attempts?item=0");
    List<Map<String, Object>> two = attempts(project, id, "items/attempts?item=1");
    List<Map<String, Object>> free = attempts(project, id, "free/attempts?item=");
    assertThat(cheap).hasSize(1);
    assertThat(cheap.get(0)).containsEntry("agent", "cheap");
    double seconds = number(cheap.get(0).get("executionSeconds"));
    assertThat(seconds).isBetween(0.1, 10.0);
    assertThat(number(cheap.get(0).get("cost"))).isCloseTo(seconds / 1_000, within(1e-9));
    assertThat(number(one.get(0).get("cost"))).isGreaterThan(0.125);
    assertThat(free.get(0)).containsEntry("cost", 0L);

    double dear = sum(one, "cost") + sum(two, "cost");
    double cost = sum(cheap, "cost") + dear;
    double executed = seconds + sum(one, "executionSeconds") + sum(two, "executionSeconds");
    double all = executed + sum(free, "executionSeconds");
    assertThat(run.at("state")).isEqualTo("FAILED");
    assertThat(run.text("reason")).contains("the workflow's budget per run, 0.25, is spent");
    assertThat(number(run.at("cost"))).isCloseTo(cost, within(1e-9));
    assertThat(number(run.at("executionSeconds"))).isCloseTo(all, within(1e-9));
    Map<String, Object> items = RunningServer.node(run, "items");
    assertThat(number(items.get("cost"))).isCloseTo(dear, within(1e-9));
    assertThat(RunningServer.node(run, "never")).containsEntry("attempts", 0L);

    Reply listed = server.get("/api/runs?project=" + project).is(200);
    assertThat(number(listed.list("items").get(0).get("cost"))).isCloseTo(cost, within(1e-9));
    Reply workflow = server.get("/api/workflows/twice?project=" + project).is(200);
    assertThat(workflow.at("budget")).isEqualTo(Map.of("perRun", 0.25, "perDay", 100L));
    assertThat(number(workflow.at("cost.today.cost"))).isCloseTo(cost, within(1e-9));
    assertThat(workflow.at("cost.last30Days.attempts")).isEqualTo(4L);

    Reply byAgent = server.get("/api/costs?by=agent&limit=2&project=" + project).is(200);
    assertThat(byAgent.list("items"))
        .extracting(i -> i.get("agent"))
        .containsExactly("cheap", "dear");
    assertThat(number(byAgent.at("total.cost"))).isCloseTo(cost, within(1e-9));
    assertThat(number(byAgent.list("items").get(1).get("cost"))).isCloseTo(dear, within(1e-9));
    Reply rest =
        server.get(
            "/api/costs?by=agent&after=%s&project=%s".formatted(byAgent.text("next"), project));
    assertThat(rest.is(200).list("items")).extracting(i -> i.get("agent")).containsExactly("free");
    assertThat(rest.at("next")).isNull();

    assertThat(metric("drover_cost_total", project, "dear", "")).isCloseTo(dear, within(1e-9));
    assertThat(metric("drover_cost_total", project, "cheap", ""))
        .isCloseTo(cost - dear, within(1e-9));
    assertThat(metric("drover_agent_seconds_total", project, "cheap", "runtime=\"process\","))
        .isCloseTo(seconds, within(1e-9));
  }

  @Test
  void whatARouteCallsIsNoRunsCost() {
    String project = server.newProject();
    server.deploy(project, "{name: by-hand, nodes: {a: {to: 'direct:by-hand'}}}");
    double before = byHand();
    Reply run = server.run(project, "by-hand", "{}");
    assertThat(run.at("cost")).isEqualTo(0L);
    assertThat(byHand() - before).isBetween(0.125, 0.2);
    assertThat(server.get("/api/costs?project=" + project).at("total.attempts")).isEqualTo(0L);
  }

  private static double byHand() {
    return server.metric("drover_cost_total{agent=\"dear\",project=\"-\",workflow=\"-\"}");
  }

  @Test
  void costsAreAskedForByDaysThatAreDays() {
    String project = server.newProject();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    for (int back = 0; back < 40; back++) {
      server
          .jdbc()
          .sql(
              "insert into daily_cost values (:project, :day, 'w' || :back, 'a',"
                  + " gen_random_uuid(), 1, 1000, 0.1)")
          .param("project", project)
          .param("day", today.minusDays(back))
          .param("back", back % 2)
          .update();
    }
    Reply month = server.get("/api/costs?project=" + project).is(200);
    assertThat(month.at("from")).isEqualTo(today.minusDays(29).toString());
    assertThat(month.at("total"))
        .isEqualTo(Map.of("attempts", 30L, "executionSeconds", 30L, "cost", 3L));
    assertThat(month.list("items"))
        .extracting(i -> i.get("workflow"), i -> i.get("cost"))
        .containsExactly(tuple("w0", 1.5), tuple("w1", 1.5));

    String days =
        "/api/costs?by=day&workflow=w0&limit=3&from=%s&project=%s"
            .formatted(today.minusDays(39), project);
    Reply page = server.get(days).is(200);
    assertThat(page.list("items"))
        .extracting(i -> i.get("day"))
        .containsExactly(
            today.toString(), today.minusDays(2).toString(), today.minusDays(4).toString());
    assertThat(page.at("total.attempts")).isEqualTo(20L);
    assertThat(server.get(days + "&after=" + page.text("next")).is(200).list("items"))
        .first()
        .extracting(i -> i.get("day"))
        .isEqualTo(today.minusDays(6).toString());

    for (String bad :
        List.of(
            "by=x",
            "from=yesterday",
            "to=2026-02-30",
            "by=day&after=x",
            "by=agent&after=%00",
            "from=2026-02-01&to=2026-01-01",
            "from=2020-01-01&to=2021-01-01",
            "from=-999999999-01-01",
            "to=%2B999999999-12-31",
            "workflow=%20",
            "limit=0")) {
      server.get("/api/costs?project=" + project + "&" + bad).isProblem(400);
    }
  }
}
