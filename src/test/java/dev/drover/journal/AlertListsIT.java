package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.many;
import static dev.drover.alert.AlertFixtures.perAlert;
import static dev.drover.alert.AlertFixtures.perGroup;
import static dev.drover.alert.AlertFixtures.resolved;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.alert.AlertStatus;
import dev.drover.alert.AlertStore.DeliveryFilter;
import dev.drover.alert.Delivery;
import dev.drover.alert.Episode;
import dev.drover.alert.EpisodeState;
import dev.drover.alert.IntakeResult;
import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What can be read of alerts, and opened again by hand. */
class AlertListsIT {
  private static final String T1 = "2026-11-21T16:00:00Z";
  private static final String T2 = "2026-11-21T16:10:00Z";
  private static final ProjectName PROJECT = ProjectName.DEFAULT;

  @RegisterExtension static final IntakeFixture alerts = new IntakeFixture();

  @Test
  void episodesArePagedNewestFirst() {
    alerts.receive(body(many(25, 5)));
    List<Episode> all = new ArrayList<>();
    List<Episode> page = alerts.store.episodes(PROJECT, null, 10, null);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(10);
      all.addAll(page);
      page = alerts.store.episodes(PROJECT, null, 10, page.get(page.size() - 1).id());
    }

    assertThat(all).hasSize(25).doesNotHaveDuplicates();
    assertThat(all)
        .extracting(e -> e.id().toString())
        .isSortedAccordingTo(Comparator.<String>naturalOrder().reversed());
    assertThat(alerts.store.episodes(new ProjectName("other"), null, 10, null)).isEmpty();
  }

  @Test
  void episodesAreFilteredByState() {
    alerts.receive(body(firing("a", T1), firing("b", T1)));
    alerts.receive(body(resolved("a", T1, T2)));

    assertThat(alerts.store.episodes(PROJECT, EpisodeState.OPEN, 10, null))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.alert().identity()).isEqualTo("b");
              assertThat(e.alert().status()).isEqualTo(AlertStatus.FIRING);
              assertThat(e.toJson()).containsEntry("endsAt", null).containsEntry("firings", 1L);
            });
    assertThat(alerts.store.episodes(PROJECT, EpisodeState.RESOLVED, 10, null))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.alert().identity()).isEqualTo("a");
              assertThat(e.alert().status()).isEqualTo(AlertStatus.RESOLVED);
              assertThat(Json.print(e.toJson())).contains("\"endsAt\":\"" + T2 + "\"");
            });
    assertThat(alerts.store.episodes(PROJECT, EpisodeState.EXPIRED, 10, null)).isEmpty();
  }

  @Test
  void unmatchedDeliveriesAreListedWithWhatCanBeReplayed() {
    alerts.deploy(workflow("fix", perAlert("instance", "a")));
    IntakeResult some = alerts.receive(body(firing("a", T1), firing("b", T1), firing("c", T1)));
    alerts.receive(body(resolved("c", T1, T2)));
    alerts.receive(body(resolved("never-seen", T1, T2)));

    List<Delivery> unmatched = alerts.store.deliveries(PROJECT, DeliveryFilter.UNMATCHED, 10, null);

    assertThat(unmatched)
        .singleElement()
        .satisfies(
            delivery -> {
              assertThat(delivery.id()).isEqualTo(some.delivery());
              assertThat(delivery.alerts()).isEqualTo(3);
              assertThat(delivery.outcomes()).isEqualTo(Map.of("new", 1L, "unmatched", 2L));
              assertThat(delivery.replayable()).isEqualTo(1);
              assertThat(delivery.receiver()).isEqualTo("ops");
              assertThat(delivery.toJson()).containsEntry("source", "alertmanager");
            });
    assertThat(alerts.store.deliveries(PROJECT, DeliveryFilter.ALL, 10, null)).hasSize(3);
    assertThat(alerts.store.deliveries(PROJECT, DeliveryFilter.UNREADABLE, 10, null)).isEmpty();
    assertThat(alerts.store.deliveries(PROJECT, DeliveryFilter.ALL, 10, some.delivery())).isEmpty();
  }

  @Test
  void replayOpensTheRunsOfAlertsThatStillFireAndNobodyWanted() {
    alerts.deploy(workflow("fix", perAlert("instance", "a")));
    UUID delivery =
        alerts.receive(body(firing("a", T1), firing("b", T1), firing("c", T1))).delivery();
    alerts.receive(body(resolved("c", T1, T2)));
    alerts.deploy(workflow("fix", anyAlert()));

    IntakeResult replayed = alerts.intake.replay(PROJECT, delivery).orElseThrow();

    assertThat(replayed.runs())
        .singleElement()
        .satisfies(
            run -> {
              assertThat(Json.print(run.trigger()))
                  .contains("\"instance\":\"b\"")
                  .contains("\"receiver\":\"ops\"")
                  .contains("\"labels\":{\"alertname\":\"Load\"}")
                  .contains("\"startsAt\":\"" + T1 + "\"");
            });
    assertThat(alerts.count("run where state = 'QUEUED'")).isEqualTo(2);
    assertThat(alerts.store.deliveries(PROJECT, DeliveryFilter.UNMATCHED, 10, null).get(0))
        .extracting(Delivery::replayable)
        .isEqualTo(0);
    assertThat(alerts.intake.replay(PROJECT, delivery).orElseThrow().runs()).isEmpty();
  }

  @Test
  void replayOpensOneRunForAGroup() {
    UUID delivery = alerts.receive(body(firing("a", T1), firing("b", T1))).delivery();
    alerts.deploy(workflow("fix", perGroup("alertname", "Load")));

    assertThat(alerts.intake.replay(PROJECT, delivery).orElseThrow().runs()).hasSize(1);
    assertThat(alerts.store.deliveries(PROJECT, DeliveryFilter.UNMATCHED, 10, null)).isEmpty();
  }

  @Test
  void replayThatNobodyWantsLeavesTheAlertsReplayable() {
    UUID delivery = alerts.receive(body(firing("a", T1))).delivery();

    assertThat(alerts.intake.replay(PROJECT, delivery).orElseThrow().hasQueuedWork()).isFalse();
    assertThat(alerts.store.deliveries(PROJECT, DeliveryFilter.UNMATCHED, 10, null)).hasSize(1);
  }

  @Test
  void replayOfADuplicateOpensNothing() {
    alerts.receive(body(firing("a", T1)));
    UUID again = alerts.receive(body(firing("a", T1))).delivery();
    alerts.deploy(workflow("fix", anyAlert()));

    assertThat(alerts.intake.replay(PROJECT, again).orElseThrow().runs()).isEmpty();
  }

  @Test
  void replayOfNoDeliveryIsNothing() {
    UUID delivery = alerts.receive(body(firing("a", T1))).delivery();

    assertThat(alerts.intake.replay(PROJECT, UUID.randomUUID())).isEmpty();
    assertThat(alerts.intake.replay(new ProjectName("other"), delivery)).isEmpty();
  }
}
