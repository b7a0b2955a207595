package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.NOW;
import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.captured;
import static dev.drover.alert.AlertFixtures.deployed;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.inputs;
import static dev.drover.alert.AlertFixtures.perAlert;
import static dev.drover.alert.AlertFixtures.perGroup;
import static dev.drover.alert.AlertFixtures.resolved;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.alert.AlertFixtures;
import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertStore.DeliveryFilter;
import dev.drover.alert.Delivery;
import dev.drover.alert.IntakeResult;
import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AlertIntakeIT {
  private static final String T1 = "2026-11-21T16:00:00Z";
  private static final String T2 = "2026-11-21T16:10:00Z";
  private static final String T3 = "2026-11-21T16:20:00Z";

  @RegisterExtension
  static final IntakeFixture alerts = new IntakeFixture(workflow("fix", anyAlert()));

  @Test
  void firstFiringOpensARun() {
    IntakeResult result = alerts.receive(captured("01-firing-single"));

    assertThat(result.hasQueuedWork()).isTrue();
    assertThat(result.outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1));
    assertThat(result.runs()).hasSize(1);
    assertThat(alerts.text("select state || ' ' || epoch || ' ' || owner from run"))
        .isEqualTo("QUEUED 0 " + IntakeFixture.OWNER);
    assertThat(alerts.text("select reason from run")).isNotBlank();
    assertThat(Json.parseTrusted(alerts.text("select trigger from run")))
        .isEqualTo(Json.parseTrusted(Json.print(result.runs().get(0).trigger())));
    assertThat(alerts.text("select state || ' ' || firings from alert_episode"))
        .isEqualTo("OPEN 1");
  }

  @Test
  void theSameBodyTenTimesMoreOpensNothing() {
    alerts.receive(captured("01-firing-single"));

    for (int i = 0; i < 10; i++) {
      IntakeResult again = alerts.receive(captured("02-firing-single-repeat"));

      assertThat(again.hasQueuedWork()).isFalse();
      assertThat(again.outcomes()).isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));
    }
    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.text("select firings from alert_episode")).isEqualTo("11");
    assertThat(alerts.count("delivery where body is null")).isEqualTo(10);
  }

  @Test
  void twoAlertmanagersOfOneClusterOpenOneRun() {
    alerts.receive(captured("30-ha-am-a"));

    assertThat(alerts.outcomes(captured("31-ha-am-c-same-instant")))
        .isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));
    assertThat(alerts.count("run")).isEqualTo(1);
  }

  @Test
  void aChangedAnnotationUpdatesTheAlertAndLeavesTheRunsInput() {
    alerts.receive(captured("19-annotation-value-1"));
    String input = alerts.text("select trigger from run");

    alerts.at(NOW.plusSeconds(60));
    assertThat(alerts.outcomes(captured("20-annotation-value-2-same-fingerprint")))
        .isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));

    assertThat(alerts.text("select annotations from alert_episode"))
        .isEqualTo(
            Json.print(
                AlertFixtures.read(captured("20-annotation-value-2-same-fingerprint"))
                    .alerts()
                    .get(0)
                    .annotations()));
    assertThat(alerts.text("select trigger from run")).isEqualTo(input);
    assertThat(alerts.count("alert_episode where last_seen_at > opened_at")).isEqualTo(1);
  }

  @Test
  void startsAtThatMovesWhileOpenIsDuplicate() {
    alerts.receive(captured("25-before-restart"));
    assertThat(alerts.outcomes(captured("26-after-restart-same-episode-new-startsAt")))
        .isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));

    alerts.receive(captured("21-flap-fast-episode-1"));
    assertThat(alerts.outcomes(captured("22-flap-fast-episode-2-no-resolved-between")))
        .isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));

    alerts.receive(body(firing("a", T2)));
    assertThat(alerts.outcomes(body(firing("a", T1)))).isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));
    assertThat(alerts.count("run")).isEqualTo(3);
  }

  @Test
  void resolvedEndsTheEpisode() {
    alerts.receive(body(firing("a", T1)));
    IntakeResult result = alerts.receive(body(resolved("a", T1, T2)));

    assertThat(result.hasQueuedWork()).isFalse();
    assertThat(result.outcomes()).isEqualTo(Map.of(AlertOutcome.RESOLVED, 1));
    assertThat(alerts.count("alert_episode where state = 'RESOLVED' and ends_at = '" + T2 + "'"))
        .isEqualTo(1);
    assertThat(alerts.outcomes(body(resolved("a", T1, T2))))
        .isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));
  }

  @Test
  void resolvedBeforeFiringMakesThatFiringStale() {
    assertThat(alerts.outcomes(body(resolved("a", T1, T2))))
        .isEqualTo(Map.of(AlertOutcome.RESOLVED_UNKNOWN, 1));
    assertThat(alerts.outcomes(body(firing("a", T1)))).isEqualTo(Map.of(AlertOutcome.STALE, 1));

    assertThat(alerts.count("run")).isZero();
    assertThat(alerts.text("select state || ' ' || firings from alert_episode"))
        .isEqualTo("RESOLVED 0");
  }

  @Test
  void staleFiringAfterResolvedOpensNothing() {
    alerts.receive(body(firing("a", T1)));
    alerts.receive(body(resolved("a", T1, T2)));

    IntakeResult stale = alerts.receive(body(firing("a", T1)));

    assertThat(stale.outcomes()).isEqualTo(Map.of(AlertOutcome.STALE, 1));
    assertThat(stale.hasQueuedWork()).isFalse();
    assertThat(alerts.count("run")).isEqualTo(1);
  }

  @Test
  void firingAgainAfterResolvedOpensASecondRun() {
    alerts.receive(body(firing("a", T1)));
    alerts.receive(body(resolved("a", T1, T2)));

    IntakeResult again = alerts.receive(body(firing("a", T3)));

    assertThat(again.outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1));
    assertThat(again.hasQueuedWork()).isTrue();
    assertThat(alerts.count("alert_episode where identity = 'a'")).isEqualTo(2);
    assertThat(alerts.count("alert_episode where identity = 'a' and state = 'OPEN'")).isEqualTo(1);
  }

  @Test
  void theCapturedFlapOpensARunForEachFiring() {
    alerts.receive(body(firing("bb329b6f48e8c13f", "2026-11-21T16:29:08.527Z")));
    assertThat(alerts.outcomes(captured("23-flap-slow-resolved")))
        .isEqualTo(Map.of(AlertOutcome.RESOLVED, 1));
    assertThat(alerts.outcomes(captured("24-flap-slow-refired")))
        .isEqualTo(Map.of(AlertOutcome.NEW, 1));
    assertThat(alerts.count("run")).isEqualTo(2);
  }

  @Test
  void aMixedGroupOnAnEmptyStoreIsJudgedAlertByAlert() {
    IntakeResult result = alerts.receive(captured("06-group-50-mixed-30-firing-20-resolved"));

    assertThat(result.outcomes())
        .isEqualTo(Map.of(AlertOutcome.NEW, 30, AlertOutcome.RESOLVED_UNKNOWN, 20));
    assertThat(result.runs()).hasSize(30);
  }

  @Test
  void alertsMissingFromAGroupAreNotResolved() {
    alerts.receive(captured("05-group-50-all-firing"));
    alerts.receive(captured("06-group-50-mixed-30-firing-20-resolved"));
    alerts.receive(captured("07-group-30-after-partial-resolve"));

    assertThat(alerts.count("alert_episode where state = 'OPEN'")).isEqualTo(30);
    assertThat(alerts.count("alert_episode where state = 'RESOLVED'")).isEqualTo(20);
    assertThat(alerts.count("run")).isEqualTo(50);
  }

  @Test
  void aTruncatedGroupsStatusClosesNothing() {
    alerts.receive(body(firing("a", T1)));
    IntakeResult result = alerts.receive(captured("15-truncated-10-of-25-status-lies-resolved"));

    assertThat(result.outcomes()).isEqualTo(Map.of(AlertOutcome.RESOLVED_UNKNOWN, 10));
    assertThat(result.hasQueuedWork()).isFalse();
    assertThat(alerts.count("alert_episode where state = 'OPEN'")).isEqualTo(1);
  }

  @Test
  void whatNoWorkflowWantsIsKeptAndCountedAsUnmatched() {
    alerts.deploy(workflow("fix", perAlert("alertname", "Else")));

    IntakeResult result = alerts.receive(body(firing("a", T1)));

    assertThat(result.outcomes()).isEqualTo(Map.of(AlertOutcome.UNMATCHED, 1));
    assertThat(result.hasQueuedWork()).isFalse();
    assertThat(alerts.count("alert_episode where state = 'OPEN' and not matched")).isEqualTo(1);
    assertThat(alerts.count("delivery where body is not null")).isEqualTo(1);
    assertThat(alerts.outcomes(body(firing("a", T1)))).isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));
  }

  @Test
  void aGroupOpensOneRun() {
    alerts.deploy(workflow("fix", perGroup("cluster", "lab-eu1")));

    assertThat(alerts.receive(captured("05-group-50-all-firing")).runs()).hasSize(1);
    assertThat(alerts.receive(captured("05-group-50-all-firing")).runs()).isEmpty();
    assertThat(alerts.count("alert_episode where matched")).isEqualTo(50);
  }

  @Test
  void sourcesAreApart() {
    alerts.receive("a", body(firing("f", T1)));

    assertThat(alerts.receive("b", body(firing("f", T1))).outcomes())
        .isEqualTo(Map.of(AlertOutcome.NEW, 1));
  }

  @Test
  void aWorkflowThatNeedsInputsIsRefusedAndTheReasonKept() {
    alerts.deploy(
        workflow("fix", anyAlert()),
        deployed(
            "ask",
            inputs(Map.of("type", "object", "required", List.of("target"))),
            List.of(anyAlert())));

    IntakeResult result = alerts.receive(body(firing("a", T1)));

    assertThat(result.runs()).hasSize(1);
    assertThat(result.refused()).hasSize(1);
    Delivery delivery =
        alerts.store.deliveries(ProjectName.DEFAULT, DeliveryFilter.ALL, 10, null).get(0);
    assertThat(delivery.refused())
        .containsExactly(Map.of("workflow", "ask", "reason", result.refused().get(0).reason()));
  }
}
