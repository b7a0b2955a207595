package dev.drover.server;

import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.captured;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.resolved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A database that is away, or that hangs, and too much work: over HTTP. */
class AlertOutageIT {
  private static final String T1 = "2026-11-21T16:00:00Z";
  private static final String T2 = "2026-11-21T16:10:00Z";
  private static final Duration ONE = Duration.ofSeconds(1);
  private static final Duration FIVE = Duration.ofSeconds(5);
  private static final String REJECTED = "outcome=\"rejected\"";
  private static final String FIX =
      """
      name: fix
      triggers:
        - alert: { match: {} }
      nodes:
        look: { value: "${{ trigger.alert.labels[?'alertname'].orValue('?') }}" }
      """;
  private static final String SLOW =
      """
      name: slow
      triggers:
        - alert: { match: {} }
      nodes:
        sleep: { agent: sleeper }
      """;

  @TempDir private static Path spoolingHome;
  @TempDir private static Path strictHome;
  private static RunningServer spooling;
  private static RunningServer strict;

  @BeforeAll
  static void start() {
    spooling = RunningServer.in(spoolingHome);
    strict = RunningServer.in(strictHome, "--drover.alerts.spool-limit=0");
  }

  @AfterAll
  static void stop() {
    spooling.close();
    strict.close();
  }

  @Test
  void case28WithoutASpoolTheSenderIsToldAndOneRunFollowsRecovery() {
    String project = strict.newProject();
    strict.deploy(project, FIX);
    double rejected = strict.sum("drover_alerts_total", REJECTED);
    strict.withoutDatabase(
        () -> timed("refusal", () -> strict.alerts(project, one())).isProblem(503));

    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> strict.alerts(project, one()).status() == 202);
    assertThat(strict.count(project, "delivery", "true")).isEqualTo(1);
    strict.allSucceeded(project, 1);
    strict.alerts(project, captured("02-firing-single-repeat")).is(200);
    assertThat(strict.sum("drover_alerts_total", REJECTED)).isGreaterThanOrEqualTo(rejected + 1);
  }

  /** They outnumber the threads, of which each waits three seconds, and the places to wait. */
  @Test
  void case28And30ManySendersAtOnceAreToldSoonToComeAgain() {
    String project = strict.newProject();
    strict.deploy(project, FIX);
    strict.withoutDatabase(
        () -> {
          Duration slowest = slowest(1_500, 503, i -> send(strict, project, one()));
          log("1,500 refusals without a database, the slowest", slowest);
          assertThat(slowest).isLessThan(Duration.ofSeconds(8)); // the client's own queue included
        });
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> strict.alerts(project, one()).status() == 202);
    strict.allSucceeded(project, 1);
  }

  @Test
  void case28ADatabaseThatHangsIsToldInTimeToo() {
    String project = strict.newProject();
    strict.deploy(project, FIX);
    TestDatabase.whileFrozen(
        () -> {
          timed("refusal by a frozen database", () -> strict.alerts(project, one())).isProblem(503);
          assertThat(slowest(40, 503, i -> send(strict, project, one()))).isLessThan(FIVE);
        });
    await()
        .atMost(Duration.ofSeconds(40))
        .ignoreExceptions()
        .until(() -> List.of(200, 202).contains(strict.alerts(project, one()).status()));
    strict.allSucceeded(project, 1);
  }

  @Test
  void case29WhatFiresAndIsResolvedMeanwhileHasItsRun() {
    String project = spooling.newProject();
    spooling.deploy(project, FIX);
    List<String> deliveries = new ArrayList<>();
    spooling.withoutDatabase(
        () -> {
          Reply fires =
              timed("spooled", () -> spooling.alerts(project, body(firing("a", T1)))).is(202);
          assertThat(fires.at("outcomes")).isEqualTo(Map.of("spooled", 1L));
          assertThat(fires.list("runs")).isEmpty();
          Reply ends = spooling.alerts(project, body(resolved("a", T1, T2))).is(202);
          deliveries.add(ends.text("delivery"));
          deliveries.add(fires.text("delivery"));
          assertThat(spooling.metric("drover_alerts_spooled")).isGreaterThanOrEqualTo(2);
          spooling.alerts(project, "[]").isProblem(400);
          spooling.alerts("nobody", body(firing("a", T1))).isProblem(404);
        });

    drained();
    spooling.allSucceeded(project, 1);
    assertThat(spooling.count(project, "alert_episode", "state = 'RESOLVED'")).isEqualTo(1);
    assertThat(spooling.get("/api/deliveries?project=" + project).list("items"))
        .extracting(d -> d.get("id"))
        .isEqualTo(deliveries);
    assertThat(spooling.metric("drover_alerts_spooled_age_seconds")).isZero();
    assertThat(spooling.sum("drover_alerts_total", "outcome=\"spooled\"")).isPositive();
  }

  @Test
  void case29ADatabaseThatHangsKeepsNobodyWaiting() {
    String project = spooling.newProject();
    spooling.deploy(project, FIX);
    TestDatabase.whileFrozen(
        () -> {
          timed("spooled before a frozen database", () -> spooling.alerts(project, one())).is(202);
          Duration slowest =
              slowest(300, 202, i -> send(spooling, project, body(firing("f" + i % 100, T1))));
          log("300 spooled before a frozen database, the slowest", slowest);
          assertThat(slowest).isLessThan(FIVE);
        });
    drained();
    spooling.allSucceeded(project, 101);
    assertThat(spooling.count(project, "alert_episode", "state = 'OPEN'")).isEqualTo(101);
  }

  @Test
  void case30And31AServerThatIsBehindTakesAlertsAtOnceUntilTooManyWait(@TempDir Path home) {
    new ServerFiles(home).agent("sleeper", "sleep 120; echo {}");
    try (RunningServer behind =
        RunningServer.in(home, "--drover.runs.max-in-flight=1", "--drover.runs.max-queued=5")) {
      isBehind(behind);
    }
  }

  private static void isBehind(RunningServer behind) {
    String project = behind.newProject();
    behind.deploy(project, SLOW);
    List<Reply> answers = new ArrayList<>();

    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              byte[] body = body(firing("f" + answers.size(), T1));
              long start = System.nanoTime();
              answers.add(behind.alerts(project, body));
              assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ONE);
              return answers.get(answers.size() - 1).status() != 202;
            });

    assertThat(answers.get(answers.size() - 1).isProblem(503).body())
        .contains("drover.runs.max-queued");
    int taken = answers.size() - 1;
    assertThat(taken).isBetween(6, 12); // the count is a second old
    assertThat(behind.count(project, "run", "state = 'QUEUED'")).isEqualTo(taken - 1);
    behind.alerts(project, body(resolved("f3", T1, T2))).is(200);
  }

  private static byte[] one() {
    return captured("01-firing-single");
  }

  private static void drained() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> spooling.metric("drover_alerts_spooled") == 0);
  }

  private static CompletableFuture<Reply> send(RunningServer server, String project, byte[] body) {
    return server.sendAsync(
        server
            .request("/api/webhooks/alertmanager/" + project)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body)));
  }

  private static Duration slowest(
      int count, int status, java.util.function.IntFunction<CompletableFuture<Reply>> send) {
    long start = System.nanoTime();
    List<CompletableFuture<Duration>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(
          send.apply(i)
              .thenApply(
                  reply -> {
                    assertThat(reply.status()).isEqualTo(status);
                    return Duration.ofNanos(System.nanoTime() - start);
                  }));
    }
    return answers.stream().map(CompletableFuture::join).max(Duration::compareTo).orElseThrow();
  }

  private static Reply timed(String what, Supplier<Reply> work) {
    long start = System.nanoTime();
    Reply reply = work.get();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    log(what, took);
    assertThat(took).isLessThan(FIVE);
    return reply;
  }

  private static void log(String what, Duration took) {
    LoggerFactory.getLogger(AlertOutageIT.class)
        .atInfo()
        .addKeyValue("what", what)
        .addKeyValue("ms", took.toMillis())
        .log("Measured");
  }
}
