package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.any;
import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.resolved;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.alert.AlertOutcome;
import dev.drover.alert.IntakeResult;
import dev.drover.json.Json;
import dev.drover.workflow.Concurrency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs whose alerts are over: resolved (cases 8 and 9), or not seen any more (case 14). */
class AlertResolvedIT {
  private static final String T1 = "2026-11-21T16:00:00Z";
  private static final String T2 = "2026-11-21T16:10:00Z";
  private static final byte[] FIRING = body(firing("a", T1));
  private static final byte[] RESOLVED = body(resolved("a", T1, T2));
  private static final Duration LONG = IntakeFixture.EXPIRE_AFTER.plusSeconds(1);

  @RegisterExtension
  static final IntakeFixture alerts = new IntakeFixture(workflow("fix", anyAlert()));

  @Test
  void everyRunOfAnAlertIsLinkedToItsEpisode() {
    alerts.deploy(workflow("fix", anyAlert()), workflow("tell", any().perGroup().build()));

    alerts.receive(body(firing("a", T1), firing("b", T1)));

    assertThat(alerts.count("run_episode re join run r on r.id = re.run where workflow = 'fix'"))
        .isEqualTo(2);
    assertThat(alerts.count("run_episode re join run r on r.id = re.run where workflow = 'tell'"))
        .isEqualTo(2);
  }

  @Test
  void aReplayedRunIsLinkedToo() {
    alerts.deploy();
    UUID delivery = alerts.receive(FIRING).delivery();
    alerts.deploy(workflow("fix", anyAlert()));

    assertThat(alerts.intake.replay(dev.drover.name.ProjectName.DEFAULT, delivery)).isPresent();

    assertThat(alerts.count("run_episode")).isEqualTo(1);
  }

  @Test
  void case8ARunInProgressIsToldWhereItWaitsForThat() {
    UUID run = opened();
    started(run, "RUNNING");
    waits(run, "ask", "approval");
    waits(run, "verify", "resolved");

    assertThat(alerts.outcomes(RESOLVED)).isEqualTo(Map.of(AlertOutcome.RESOLVED, 1));

    assertThat(signals()).containsExactly("RESOLVED verify");
    assertThat(Json.parseTrusted(alerts.text("select data from signal")))
        .isEqualTo(Map.of("resolved", true, "at", T2));
    assertThat(state(run)).isEqualTo("RUNNING");
  }

  @Test
  void aRunHoldsWhatItsWorkflowShares() {
    Concurrency one = new Concurrency(scope -> "db-1", 2, Concurrency.Overflow.REPLACE);
    alerts.deploy(workflow("fix", one, anyAlert()));

    alerts.receive(FIRING);

    assertThat(
            alerts.text(
                "select concurrency_key || ' ' || concurrency_limit || ' ' || concurrency_overflow"
                    + " from run"))
        .isEqualTo("db-1 2 REPLACE");
  }

  @Test
  void aRunThatIsParkedIsWoken() {
    UUID run = opened();
    started(run, "WAITING");
    waits(run, "verify", "resolved");

    alerts.receive(RESOLVED);

    assertThat(state(run)).isEqualTo("QUEUED");
    assertThat(signals()).containsExactly("RESOLVED verify");
  }

  @Test
  void aRunThatDoesNotWaitForItIsLeftAlone() {
    UUID run = opened();
    started(run, "WAITING");
    waits(run, "ask", "approval");

    alerts.receive(RESOLVED);

    assertThat(state(run)).isEqualTo("WAITING");
    assertThat(signals()).isEmpty();
  }

  @Test
  void case8ARunInProgressIsCancelledIfItsWorkflowSaysSo() {
    alerts.deploy(workflow("fix", any().cancelledWhenResolved().build()));
    UUID run = opened();
    started(run, "RUNNING");
    waits(run, "verify", "resolved");
    // What is in force now does not matter: the run is of its own version.
    alerts.deploy(workflow("fix", anyAlert()));

    alerts.receive(RESOLVED);

    assertThat(signals()).containsExactly("CANCEL ");
    assertThat(alerts.text("select data from signal"))
        .isEqualTo("{\"reason\":\"its alert was resolved\"}");
    assertThat(alerts.ended.runs).isEmpty();
  }

  @Test
  void aRunThatWaitsToGoOnIsCancelledByASignalToo() {
    alerts.deploy(workflow("fix", any().cancelledWhenResolved().build()));
    UUID run = opened();
    started(run, "QUEUED");

    alerts.receive(RESOLVED);

    assertThat(signals()).containsExactly("CANCEL ");
    assertThat(state(run)).isEqualTo("QUEUED");
  }

  @Test
  void case9AQueuedRunIsDroppedIfItsWorkflowSaysSo() {
    alerts.deploy(workflow("fix", any().cancelledWhenResolved().build()));
    UUID run = opened();

    IntakeResult result = alerts.receive(RESOLVED);

    assertThat(result.outcomes()).isEqualTo(Map.of(AlertOutcome.RESOLVED, 1));
    assertThat(result.hasQueuedWork()).isFalse();
    assertThat(
            alerts.text(
                "select state || ': ' || reason || (ended_at is not null) || (owner is null) from"
                    + " run"))
        .isEqualTo("CANCELLED: the alert was resolved before its turn cametruetrue");
    assertThat(alerts.ended.runs).containsExactly(run + " fix CANCELLED");
    assertThat(signals()).isEmpty();
  }

  @Test
  void case9OtherwiseAQueuedRunStays() {
    UUID run = opened();

    alerts.receive(RESOLVED);

    assertThat(state(run)).isEqualTo("QUEUED");
    assertThat(signals()).isEmpty();
  }

  @Test
  void aQuestionWithANulHindersNobody() {
    UUID run = opened();
    started(run, "WAITING");
    waits(run, "ask", "approval\",\"message\":\"\\u0000");
    waits(run, "verify", "resolved");

    alerts.receive(RESOLVED);

    assertThat(signals()).containsExactly("RESOLVED verify");
  }

  @Test
  void aRunThatHasEndedIsToldNothing() {
    alerts.deploy(workflow("fix", any().cancelledWhenResolved().build()));
    UUID run = opened();
    started(run, "SUCCEEDED");
    waits(run, "verify", "resolved");
    sql("update run set ended_at = now()");

    alerts.receive(RESOLVED);

    assertThat(signals()).isEmpty();
    assertThat(state(run)).isEqualTo("SUCCEEDED");
  }

  @Test
  void aGroupsRunIsToldWhenTheLastOfItsAlertsIsOver() {
    alerts.deploy(workflow("fix", any().perGroup().build()));
    alerts.receive(body(firing("a", T1)));
    sql("delete from run"); // of the first group: only the second is looked at
    UUID run = alerts.receive(body(firing("a", T1), firing("b", T1))).runs().get(0).id().value();
    started(run, "WAITING");
    waits(run, "verify", "resolved");

    alerts.receive(body(resolved("b", T1, T2)));
    assertThat(signals()).isEmpty();

    alerts.receive(RESOLVED);
    assertThat(signals()).containsExactly("RESOLVED verify");
  }

  /** Each of the two transactions sees the other's episode as open until that has committed. */
  @RepeatedTest(10)
  void twoResolvesAtTheSameInstantTellTheGroupsRun() throws Exception {
    alerts.deploy(workflow("fix", any().perGroup().build()));
    UUID run = alerts.receive(body(firing("a", T1), firing("b", T1))).runs().get(0).id().value();
    started(run, "WAITING");
    waits(run, "verify", "resolved");
    CyclicBarrier together = new CyclicBarrier(2);
    alerts.insideTransaction(() -> await(together));

    CompletableFuture<IntakeResult> a =
        CompletableFuture.supplyAsync(() -> alerts.receive(body(resolved("a", T1, T2))));
    CompletableFuture<IntakeResult> b =
        CompletableFuture.supplyAsync(() -> alerts.receive(body(resolved("b", T1, T2))));
    CompletableFuture.allOf(a, b).get(20, TimeUnit.SECONDS);

    assertThat(signals()).containsExactly("RESOLVED verify");
    assertThat(state(run)).isEqualTo("QUEUED");
  }

  @Test
  void case14AnEpisodeWhoseResolveNeverComesExpires() {
    UUID run = opened();
    started(run, "WAITING");
    waits(run, "verify", "resolved");

    alerts.after(IntakeFixture.EXPIRE_AFTER);
    assertThat(alerts.expire()).isZero();
    alerts.after(Duration.ofSeconds(1));
    assertThat(alerts.expire()).isEqualTo(1);

    assertThat(alerts.text("select state || (ends_at is null) from alert_episode"))
        .isEqualTo("EXPIREDtrue");
    assertThat(alerts.count("alert_identity where open_episode is null and open_starts_at is null"))
        .isEqualTo(1);
    assertThat(signals()).containsExactly("RESOLVED verify");
    assertThat(Json.parseTrusted(alerts.text("select data from signal")))
        .isEqualTo(Map.of("resolved", false, "expired", true, "at", alerts.now().toString()));
    assertThat(alerts.expire()).isZero();
  }

  @Test
  void anAlertThatIsSeenAgainDoesNotExpire() {
    alerts.receive(FIRING);
    alerts.after(Duration.ofHours(8));
    alerts.receive(FIRING);
    alerts.after(Duration.ofHours(8));

    assertThat(alerts.expire()).isZero();
    assertThat(alerts.outcomes(FIRING)).isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));
  }

  @Test
  void anExpiredAlertThatFiresAfterAllIsANewEpisode() {
    alerts.receive(FIRING);
    alerts.after(LONG);
    alerts.expire();

    assertThat(alerts.outcomes(FIRING)).isEqualTo(Map.of(AlertOutcome.NEW, 1));
    assertThat(alerts.count("run")).isEqualTo(2);
  }

  @Test
  void expiryCancelsNothing() {
    alerts.deploy(workflow("fix", any().cancelledWhenResolved().build()));
    UUID run = opened();
    alerts.after(LONG);

    alerts.expire();

    assertThat(state(run)).isEqualTo("QUEUED");
    assertThat(signals()).isEmpty();
  }

  @Test
  void thousandsExpireInOneCallAndWhatADeliveryIsAboutDoesLater() {
    alerts.receive(body(dev.drover.alert.AlertFixtures.many(1_500, 5)));
    alerts.receive(FIRING);
    alerts.after(LONG);
    alerts.insideTransaction(
        () -> {
          alerts.insideTransaction(() -> {});
          assertThat(CompletableFuture.supplyAsync(alerts::expire).join()).isEqualTo(1_500);
        });

    assertThat(alerts.outcomes(FIRING)).isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));
    assertThat(alerts.expire()).isZero();
  }

  private static UUID opened() {
    return alerts.receive(FIRING).runs().get(0).id().value();
  }

  private static void started(UUID run, String state) {
    sql(
        "update run set started_at = now(), epoch = 1, state = '"
            + state
            + "' where id = '"
            + run
            + "'");
  }

  private static void waits(UUID run, String node, String kind) {
    sql(
        "insert into node_run (run, node_id, state, wait) values ('"
            + run
            + "', '"
            + node
            + "', 'WAITING', '{\"kind\":\""
            + kind
            + "\"}')");
  }

  private static void sql(String sql) {
    alerts.database.jdbc().sql(sql).update();
  }

  private static String state(UUID run) {
    return alerts.text("select state from run where id = '" + run + "'");
  }

  private static List<String> signals() {
    return alerts
        .database
        .jdbc()
        .sql("select kind || ' ' || node_id from signal order by id")
        .query(String.class)
        .list();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
