package dev.drover.server;

import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.captured;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.many;
import static dev.drover.alert.AlertFixtures.resolved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.alert.AlertFixtures;
import dev.drover.json.Json;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The cases that a receiver of Alertmanager's webhook must pass, over HTTP. */
class AlertHttpIT {
  private static final String T1 = "2026-11-21T16:00:00Z";
  private static final String T2 = "2026-11-21T16:10:00Z";
  private static final String T3 = "2026-11-21T16:20:00Z";
  private static final String FIX =
      """
      name: fix
      triggers:
        - alert: { match: {} }
      nodes:
        look: { value: "${{ trigger.alert.labels[?'alertname'].orValue('?') }}" }
        tell: { dependsOn: [look], value: "saw ${{ nodes.look.output }}" }
      """;

  @TempDir private static Path home;
  private static RunningServer server;

  private String project;

  @BeforeAll
  static void start() {
    server = RunningServer.in(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void deploy() {
    project = server.newProject();
    server.deploy(project, FIX);
  }

  private Reply post(byte[] body) {
    return server.alerts(project, body);
  }

  private void expect(byte[] body, int status, String outcomes) {
    Reply reply = post(body).is(status);
    assertThat(reply.at("outcomes")).isEqualTo(Json.parseTrusted(outcomes));
  }

  private long runs() {
    return server.count(project, "run", "true");
  }

  private List<Map<String, Object>> episodes(String state) {
    return server.get("/api/alerts?limit=500&project=" + project + "&state=" + state).list("items");
  }

  @Test
  void case1AFirstFiringOpensOneRun() {
    Reply reply = post(captured("01-firing-single")).is(202);

    assertThat(reply.at("outcomes")).isEqualTo(Map.of("new", 1L));
    assertThat(reply.list("runs")).hasSize(1);
    Reply run = server.ended(project, reply.text("runs.0.id"));
    assertThat(run.text("state")).isEqualTo("SUCCEEDED");
    assertThat(run.text("trigger.type")).isEqualTo("alert");
    assertThat(run.at("trigger.alert.labels"))
        .isEqualTo(AlertFixtures.read(captured("01-firing-single")).alerts().get(0).labels());
    assertThat(episodes("open")).hasSize(1);
  }

  @Test
  void case2RepeatsOpenNothing() {
    post(captured("01-firing-single")).is(202);
    for (int i = 0; i < 10; i++) {
      expect(captured("02-firing-single-repeat"), 200, "{\"duplicate\":1}");
    }
    assertThat(runs()).isEqualTo(1);
    assertThat(episodes("open").get(0)).containsEntry("firings", 11L);
  }

  @Test
  void twoAlertmanagersOfOneClusterOpenOneRun() {
    post(captured("30-ha-am-a")).is(202);
    expect(captured("31-ha-am-c-same-instant"), 200, "{\"duplicate\":1}");
    assertThat(runs()).isEqualTo(1);
  }

  @Test
  void case6AChangedAnnotationUpdatesTheAlertAndNotTheRun() {
    Reply opened = post(captured("19-annotation-value-1")).is(202);
    expect(captured("20-annotation-value-2-same-fingerprint"), 200, "{\"duplicate\":1}");

    Object changed =
        AlertFixtures.read(captured("20-annotation-value-2-same-fingerprint"))
            .alerts()
            .get(0)
            .annotations();
    assertThat(episodes("open").get(0)).containsEntry("annotations", changed);
    assertThat(server.ended(project, opened.text("runs.0.id")).at("trigger.alert.annotations"))
        .isNotEqualTo(changed);
    assertThat(runs()).isEqualTo(1);
  }

  @Test
  void case7AMovedStartIsADuplicate() {
    post(captured("25-before-restart")).is(202);
    expect(captured("26-after-restart-same-episode-new-startsAt"), 200, "{\"duplicate\":1}");
    post(body(firing("a", T2))).is(202);
    expect(body(firing("a", T1)), 200, "{\"duplicate\":1}");
    assertThat(runs()).isEqualTo(2);
  }

  @Test
  void case8ARunThatWaitsForTheEndOfItsAlertGoesOnWhenItIsResolved() {
    server.deploy(
        project,
        FIX.replace("name: fix", "name: verify")
            .replace(
                "tell: { dependsOn: [look], value: \"saw ${{ nodes.look.output }}\" }",
                "tell: { dependsOn: [look], wait: { until: resolved, timeout: 5m } }"));
    String run = opened("verify", post(body(firing("a", T1))).is(202));
    awaitState(run, "WAITING");

    expect(body(resolved("a", T1, T2)), 200, "{\"resolved\":1}");

    Reply ended = server.ended(project, run);
    assertThat(ended.text("state")).isEqualTo("SUCCEEDED");
    assertThat(RunningServer.node(ended, "tell").get("output"))
        .isEqualTo(Map.of("resolved", true, "at", T2));
  }

  @Test
  void case8ARunIsCancelledByAResolveIfItsWorkflowSaysSo() {
    server.deploy(
        project,
        """
        name: slow
        triggers:
          - alert: { match: {}, onResolved: cancel }
        nodes:
          rest: { wait: { for: 1h } }
        """);
    String run = opened("slow", post(body(firing("a", T1))).is(202));
    awaitState(run, "WAITING");

    expect(body(resolved("a", T1, T2)), 200, "{\"resolved\":1}");

    Reply ended = server.ended(project, run);
    assertThat(ended.text("state")).isEqualTo("CANCELLED");
    assertThat(ended.text("reason")).contains("its alert was resolved");
  }

  @Test
  void case13ACooldownKeepsFlapsApart() {
    String other = server.newProject();
    server.deploy(other, FIX.replace("match: {}", "match: {}, cooldown: 3s"));
    server.alerts(other, body(firing("a", T1))).is(202);
    server.alerts(other, body(resolved("a", T1, T2))).is(200);

    Reply again = server.alerts(other, body(firing("a", T3))).is(200);

    assertThat(again.at("outcomes")).isEqualTo(Map.of("suppressed", 1L));
    server.allSucceeded(other, 1);
    server.allSucceeded(other, 2);
  }

  private static String opened(String workflow, Reply reply) {
    return reply.list("runs").stream()
        .filter(run -> run.get("workflow").equals(workflow))
        .map(run -> String.valueOf(run.get("id")))
        .findFirst()
        .orElseThrow();
  }

  private void awaitState(String run, String state) {
    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () -> server.get("/api/runs/" + run + "?project=" + project).text("state"),
            state::equals);
  }

  @Test
  void case10ResolvedBeforeFiringOpensNothing() {
    expect(body(resolved("a", T1, T2)), 200, "{\"resolved_unknown\":1}");
    expect(body(firing("a", T1)), 200, "{\"stale\":1}");
    assertThat(runs()).isZero();
  }

  @Test
  void case11And12StaleFiringsOpenNothingAndNewOnesDo() {
    expect(body(firing("a", T1)), 202, "{\"new\":1}");
    expect(body(resolved("a", T1, T2)), 200, "{\"resolved\":1}");
    expect(body(firing("a", T1)), 200, "{\"stale\":1}");
    assertThat(runs()).isEqualTo(1);
    expect(body(firing("a", T3)), 202, "{\"new\":1}");
    assertThat(runs()).isEqualTo(2);
    assertThat(episodes("resolved")).hasSize(1);
    assertThat(episodes("open")).hasSize(1);
  }

  @Test
  void case15AMixedGroupIsJudgedAlertByAlert() {
    expect(
        captured("06-group-50-mixed-30-firing-20-resolved"),
        202,
        "{\"new\":30,\"resolved_unknown\":20}");
    server.allSucceeded(project, 30);
    Reply page = server.get("/api/alerts?project=" + project + "&limit=20").is(200);
    assertThat(page.list("items")).hasSize(20);
    assertThat(page.list("items").get(0)).containsKeys("id", "state", "labels", "openedAt");
    List<Object> seen = new ArrayList<>(page.list("items").stream().map(e -> e.get("id")).toList());
    while (page.at("next") != null) {
      page = server.get("/api/alerts?project=" + project + "&limit=20&after=" + page.text("next"));
      seen.addAll(page.list("items").stream().map(e -> e.get("id")).toList());
    }
    assertThat(seen).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void case16ALyingGroupStatusClosesNothing() {
    post(captured("14-truncated-10-of-25-firing")).is(202);
    long open = episodes("open").size();
    expect(captured("15-truncated-10-of-25-status-lies-resolved"), 200, truncated());
    assertThat(open).isEqualTo(10);
  }

  /** Of the lying body's ten alerts those are known that the body before it had. */
  private static String truncated() {
    var before =
        AlertFixtures.read(captured("14-truncated-10-of-25-firing")).alerts().stream()
            .map(a -> a.identity())
            .toList();
    long known =
        AlertFixtures.read(captured("15-truncated-10-of-25-status-lies-resolved")).alerts().stream()
            .filter(a -> before.contains(a.identity()))
            .count();
    Map<String, Object> outcomes =
        new TreeMap<>(Map.of("resolved", known, "resolved_unknown", 10 - known));
    outcomes.values().removeIf(n -> n.equals(0L));
    return Json.print(outcomes);
  }

  @Test
  void case17AThousandAlertsAreAnsweredWithinASecondAndAllTheirRunsSucceed() {
    byte[] body = body(many(1_000, 150));
    String warm = server.newProject();
    server.deploy(warm, FIX);
    server.alerts(warm, body).is(202);
    server.allSucceeded(warm, 1_000);

    long start = System.nanoTime();
    Reply reply = timed("1,000 alerts", () -> post(body));
    Duration answered = Duration.ofNanos(System.nanoTime() - start);
    server.allSucceeded(project, 1_000);
    log("1,000 runs", Duration.ofNanos(System.nanoTime() - start));

    assertThat(reply.is(202).at("outcomes")).isEqualTo(Map.of("new", 1_000L));
    assertThat(answered).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void case3TwoSendersInOppositeOrderOpenEachRunOnce() {
    List<String> alerts = many(1_000, 150);
    List<String> opposite = new ArrayList<>(alerts);
    Collections.reverse(opposite);
    String path = "/api/webhooks/alertmanager/" + project;

    List<CompletableFuture<Reply>> replies =
        List.of(body(alerts), body(opposite)).stream()
            .map(
                b ->
                    server.sendAsync(
                        server
                            .request(path)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(b))))
            .toList();

    long fresh = 0;
    long repeated = 0;
    for (CompletableFuture<Reply> reply : replies) {
      assertThat(reply.join().status()).isIn(200, 202);
      Map<String, Object> outcomes = Json.asObject(reply.join().at("outcomes"));
      fresh += (Long) outcomes.getOrDefault("new", 0L);
      repeated += (Long) outcomes.getOrDefault("duplicate", 0L);
    }
    assertThat(fresh).isEqualTo(1_000);
    assertThat(repeated).isEqualTo(1_000);
    server.allSucceeded(project, 1_000);
  }

  @Test
  void case18ElevenMegabytesAreTaken() {
    byte[] body = body(many(1_000, 10_500));
    assertThat(body).hasSizeGreaterThan(10_700_000);

    timed(body.length + " bytes", () -> post(body)).is(202);

    server.allSucceeded(project, 1_000);
  }

  @Test
  void case19ABodyBeyondTheLimitIsDrainedAndRefused() {
    byte[] body = new byte[40 << 20];
    double rejected = rejected();

    post(body).isProblem(413);
    // Without a Content-Length the server can't know before it has read.
    Supplier<InputStream> stream = () -> new ByteArrayInputStream(body);
    server
        .post(
            "/api/webhooks/alertmanager/" + project,
            "application/json",
            BodyPublishers.ofInputStream(stream))
        .isProblem(413);
    server
        .post("/api/workflows", "application/yaml", BodyPublishers.ofByteArray(body))
        .isProblem(413);

    post(captured("01-firing-single")).is(202);
    awaitRejected(rejected + 2);
  }

  private static double rejected() {
    return server.sum("drover_alerts_total", "outcome=\"rejected\"");
  }

  private static void awaitRejected(double total) {
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(rejected()).isEqualTo(total));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "nonsense",
        "[]",
        "null",
        "{}",
        "{\"alerts\":{}}",
        "{\"alerts\":[]} x",
        "{\"alerts\":[}"
      })
  void case20WhatIsNoNotificationIsRefused(String body) {
    double rejected = rejected();

    server.alerts(project, body).isProblem(400);

    assertThat(server.count(project, "delivery", "true")).isZero();
    awaitRejected(rejected + 1);
  }

  @Test
  void case21OneBadAlertAmongFiftyIsKept() {
    List<String> fifty = new ArrayList<>(many(49, 10));
    fifty.add(17, "{\"status\":\"firing\",\"labels\":[\"a\\u0000\"]}");

    expect(body(fifty), 202, "{\"new\":49,\"unreadable\":1}");

    Reply kept = server.get("/api/deliveries?show=unreadable&project=" + project).is(200);
    assertThat(kept.at("items.0.unreadable.0.index")).isEqualTo(17L);
    assertThat(kept.text("items.0.unreadable.0.raw")).contains("\"labels\":[\"a\\u0000\"]");
    server.allSucceeded(project, 49);
  }

  @Test
  void case22EveryRealBodyIsTaken() {
    for (String name : AlertFixtures.CAPTURED) {
      assertThat(post(captured(name)).status()).as(name).isIn(200, 202);
      assertThat(post(captured(name)).is(200).list("runs")).as(name).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alerts\":[]}",
        "{\"alerts\":[null,1,\"x\",[]]}",
        "{\"alerts\":[{}]}",
        "{\"alerts\":[{\"labels\":null,\"annotations\":null,\"startsAt\":null}],\"status\":\"\"}",
        "{\"alerts\":[{\"labels\":{\"alertname\":\"A\",\"a\":null,\"b\":1,\"c\":true},\"annotations\":{\"v\":1.5e3}}]}",
        "{\"alerts\":[{\"labels\":{\"alertname\":\"A\"},\"fingerprint\":\"\",\"status\":\"\"}],\"status\":\"firing\"}",
        "{\"alerts\":[{\"labels\":{\"alertname\":\"A\"},\"startsAt\":\"yesterday\"}]}",
        "{\"alerts\":[{\"labels\":{\"alertname\":{}}}],\"groupLabels\":[],\"commonLabels\":7}",
        "{\"version\":\"1\",\"orgId\":1,\"state\":\"alerting\",\"title\":\"t\",\"alerts\":[{\"status\":\"firing\","
            + "\"labels\":{\"alertname\":\"G\"},\"values\":{\"B\":22.1},\"valueString\":\"v\",\"silenceURL\":\"s\"}]}",
      })
  void case22OddBodiesAreTaken(String body) {
    assertThat(server.alerts(project, body).status()).isIn(200, 202);
    assertThat(server.alerts(project, body).status()).isIn(200, 202);
    server.allSucceeded(project, (int) runs());
  }

  @Test
  void case23AnotherContentTypeIsRefused() {
    double rejected = rejected();
    String path = "/api/webhooks/alertmanager/" + project;
    List<String> types =
        List.of("text/plain", "application/x-www-form-urlencoded", "application/xml");
    for (String type : types) {
      server
          .post(path, type, BodyPublishers.ofByteArray(captured("01-firing-single")))
          .isProblem(415);
    }
    server
        .send(server.request(path).POST(BodyPublishers.ofByteArray(captured("01-firing-single"))))
        .isProblem(415);

    awaitRejected(rejected + 4);
    assertThat(runs()).isZero();
    server
        .post(
            path,
            "Application/JSON; charset=utf-8",
            BodyPublishers.ofByteArray(captured("01-firing-single")))
        .is(202);
  }

  @Test
  void case26WhatNoWorkflowWantsIsKeptAndReplayable() {
    String other = server.newProject();
    server.deploy(other, FIX.replace("match: {}", "match: { alertname: Other }"));

    Reply taken = server.alerts(other, captured("16-receiver-name-regexp-quoted")).is(200);
    String delivery = taken.text("delivery");
    assertThat(Json.asObject(taken.at("outcomes"))).containsOnlyKeys("unmatched");
    Reply kept = server.get("/api/deliveries?show=unmatched&project=" + other).is(200);
    assertThat(kept.list("items")).extracting(d -> d.get("id")).containsExactly(delivery);
    assertThat((Long) kept.at("items.0.replayable")).isPositive();
    String replay = "/api/deliveries/" + delivery + "/replay?project=" + other;
    server.postJson(replay, "").is(200);

    server.submit(other, FIX).is(201);
    Reply replayed = server.postJson(replay, "").is(202);
    assertThat(replayed.list("runs")).hasSize(((Long) kept.at("items.0.replayable")).intValue());
    server.allSucceeded(other, replayed.list("runs").size());
    assertThat(server.postJson(replay, "").is(200).list("runs")).isEmpty();
    server.postJson("/api/deliveries/" + delivery + "/replay", "").isProblem(404);
  }

  @Test
  void anUnknownProjectIsRefused() {
    server.alerts("nobody", captured("01-firing-single")).isProblem(404);
    server.alerts("No_Body", captured("01-firing-single")).isProblem(404);
  }

  private static Reply timed(String what, Supplier<Reply> work) {
    long start = System.nanoTime();
    Reply reply = work.get();
    log(what, Duration.ofNanos(System.nanoTime() - start));
    return reply;
  }

  private static void log(String what, Duration took) {
    LoggerFactory.getLogger(AlertHttpIT.class)
        .atInfo()
        .addKeyValue("what", what)
        .addKeyValue("ms", took.toMillis())
        .log("Measured");
  }
}
