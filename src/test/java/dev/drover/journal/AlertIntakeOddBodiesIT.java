package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.captured;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.resolved;
import static dev.drover.alert.AlertFixtures.utf8;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.alert.AlertFixtures;
import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertStore.DeliveryFilter;
import dev.drover.alert.Delivery;
import dev.drover.alert.IntakeResult;
import dev.drover.alert.RejectedBody;
import dev.drover.alert.UnknownProject;
import dev.drover.name.ProjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bodies that no sender should send, and some do. */
class AlertIntakeOddBodiesIT {
  private static final String T1 = "2026-11-21T16:00:00Z";
  private static final String T2 = "2026-11-21T16:10:00Z";

  @RegisterExtension
  static final IntakeFixture alerts = new IntakeFixture(workflow("fix", anyAlert()));

  @Test
  void whatIsNoNotificationIsRejectedAndNotStored() {
    for (String text : List.of("{", "[]", "{}", "{\"alerts\":3}")) {
      assertThatThrownBy(() -> alerts.intake.receive(ProjectName.DEFAULT, "x", utf8(text)))
          .isInstanceOf(RejectedBody.class);
    }
    assertThat(alerts.count("delivery")).isZero();
  }

  @Test
  void oneBadAlertAmongFiftyIsKeptAndTheOthersOpenRuns() {
    List<String> fifty = new ArrayList<>(AlertFixtures.many(49, 10));
    fifty.add(17, "{\"status\":\"firing\",\"labels\":[\"a\\u0000\"]}");

    IntakeResult result = alerts.receive(body(fifty));

    assertThat(result.outcomes())
        .isEqualTo(Map.of(AlertOutcome.NEW, 49, AlertOutcome.UNREADABLE, 1));
    assertThat(result.runs()).hasSize(49);
    Delivery delivery =
        alerts.store.deliveries(ProjectName.DEFAULT, DeliveryFilter.UNREADABLE, 10, null).get(0);
    assertThat(delivery.id()).isEqualTo(result.delivery());
    assertThat(delivery.outcomes()).isEqualTo(Map.of("new", 49L, "unreadable", 1L));
    assertThat(delivery.unreadable())
        .containsExactly(
            Map.of(
                "index",
                17L,
                "reason",
                "\"labels\" is an array, not an object",
                "raw",
                "{\"status\":\"firing\",\"labels\":[\"a\\u0000\"]}"));
    assertThat(alerts.count("delivery where body is not null")).isEqualTo(1);
  }

  @Test
  void everyCapturedBodyIsTakenTwice() {
    for (String name : AlertFixtures.CAPTURED) {
      alerts.receive(captured(name));
      assertThat(alerts.receive(captured(name)).runs()).isEmpty();
    }
  }

  @Test
  void nulAndHalfSurrogatesAreData() {
    IntakeResult result =
        alerts.receive(
            utf8(
                """
                {"receiver":"r\\u0000","groupKey":"\\u0000","externalURL":"\\ud800","alerts":[
                 {"labels":{"alertname":"n\\u0000","x\\u0000":"\\ud800"},"generatorURL":"g\\u0000",
                  "annotations":{"\\udfff":"a\\u0000"},"fingerprint":"\\u0000"}]}
                """));

    assertThat(result.outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1));
    assertThat(alerts.text("select receiver || generator_url from alert_episode"))
        .isEqualTo("r\u2400g\u2400");
    assertThat(alerts.store.episodes(ProjectName.DEFAULT, null, 10, null).get(0).alert().labels())
        .containsEntry("alertname", "n\0");
    assertThat(alerts.text("select trigger from run")).contains("n\\u0000");
  }

  @Test
  void oneIdentityTwiceInABodyIsOneAlert() {
    IntakeResult result =
        alerts.receive(body(resolved("a", T1, T2), firing("a", T1), firing("a", T1)));

    assertThat(result.outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1, AlertOutcome.DUPLICATE, 2));
    assertThat(result.runs()).hasSize(1);
  }

  @Test
  void anUnknownProjectIsSaidToBeOne() {
    assertThatThrownBy(
            () -> alerts.intake.receive(new ProjectName("nobody"), "x", body(firing("a", T1))))
        .isInstanceOf(UnknownProject.class)
        .hasMessage("there is no project \"nobody\"");
  }

  @Test
  void noAlertsAreNothingToDo() {
    IntakeResult result = alerts.receive(body());

    assertThat(result.outcomes()).isEmpty();
    assertThat(result.hasQueuedWork()).isFalse();
  }
}
