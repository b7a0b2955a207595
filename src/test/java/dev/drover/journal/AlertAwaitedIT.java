package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.any;
import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.resolved;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.Json;
import dev.drover.name.NodeId;
import dev.drover.run.Journal.NodeWaiting;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import dev.drover.run.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that begin to wait for the end of alerts: those that are over already answer at once. */
class AlertAwaitedIT {
  private static final String T1 = "2026-11-21T16:00:00Z";
  private static final String T2 = "2026-11-21T16:10:00Z";
  private static final byte[] FIRING = body(firing("a", T1));
  private static final byte[] RESOLVED = body(resolved("a", T1, T2));

  @RegisterExtension
  static final IntakeFixture alerts = new IntakeFixture(workflow("fix", anyAlert()));

  @Test
  void whileTheAlertFiresNobodyAnswers() {
    begin(opened());

    assertThat(alerts.count("signal")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        T2,
        "2026-11-21T16:10:00.120Z",
        "2026-11-21T16:10:00.000120Z",
        "2026-11-21T16:10:10Z"
      })
  void anAlertThatIsResolvedAlreadyAnswersAsOneThatIsResolvedThen(String end) {
    UUID run = opened();
    alerts.receive(body(resolved("a", T1, end)));

    begin(run);

    assertThat(answer()).isEqualTo(Map.of("resolved", true, "at", end));
  }

  @Test
  void anAlertThatHasExpiredAnswersAsOneThatExpiresThen() {
    UUID run = opened();
    expire();

    begin(run);

    assertThat(answer()).containsOnlyKeys("resolved", "expired", "at");
    assertThat(answer()).containsEntry("resolved", false).containsEntry("expired", true);
    assertThat(Instant.parse(String.valueOf(answer().get("at"))))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
  }

  @Test
  void oneOfAGroupThatExpiredIsEnough() {
    alerts.deploy(workflow("fix", any().perGroup().build()));
    UUID run = alerts.receive(body(firing("a", T1), firing("b", T1))).runs().get(0).id().value();
    alerts.receive(RESOLVED);
    expire();

    begin(run);

    assertThat(answer()).containsEntry("resolved", false).containsEntry("expired", true);
  }

  @Test
  void aRunThatRepeatsAnotherWaitsForTheSameAlert() {
    UUID again = repeat(opened());
    begin(again);
    assertThat(alerts.count("signal")).isZero();

    alerts.receive(RESOLVED);

    assertThat(alerts.count("signal where run = '" + again + "' and kind = 'RESOLVED'"))
        .isEqualTo(1);
  }

  @Test
  void aRunThatRepeatsAnotherAfterTheResolveIsAnsweredAndNotCancelled() {
    alerts.deploy(workflow("fix", any().cancelledWhenResolved().build()));
    UUID earlier = opened();
    sql("update run set state = 'SUCCEEDED', started_at = now(), ended_at = now()");
    alerts.receive(RESOLVED);
    UUID again = repeat(earlier);

    alerts.receive(RESOLVED);
    begin(again);

    assertThat(answer()).isEqualTo(Map.of("resolved", true, "at", T2));
    assertThat(alerts.count("signal")).isEqualTo(1);
    assertThat(alerts.ended.runs).isEmpty();
  }

  @Test
  void aRunThatHasOutlivedItsEpisodesDoesNotWaitForEver() {
    UUID earlier = opened();
    alerts.receive(RESOLVED);
    UUID again = repeat(earlier);
    sql("delete from alert_episode");

    begin(again);

    assertThat(answer()).containsEntry("resolved", false).containsEntry("expired", true);
  }

  private static UUID opened() {
    return alerts.receive(FIRING).runs().get(0).id().value();
  }

  private static void expire() {
    alerts.after(IntakeFixture.EXPIRE_AFTER.plus(Duration.ofSeconds(1)));
    assertThat(alerts.expire()).isEqualTo(1);
  }

  /** As whoever asks for a run once more does. */
  private static UUID repeat(UUID earlier) {
    UUID again = alerts.ids.get();
    sql("update run set state = 'FAILED', started_at = now(), ended_at = now()");
    sql(
        """
        insert into run (id, project, workflow, version, dedupe_key, state, reason, trigger,
                         inputs, rerun_of, on_resolved)
        select '%s', project, workflow, version, 'again', 'QUEUED', '', trigger, inputs, id,
               on_resolved
        from run where id = '%s'
        """
            .formatted(again, earlier));
    sql(
        "insert into run_episode (episode, run) select episode, '%s' from run_episode where run = '%s'"
            .formatted(again, earlier));
    return again;
  }

  /** Lets a node of a run in flight begin to wait. */
  private static void begin(UUID run) {
    sql(
        "update run set state = 'RUNNING', started_at = now(), epoch = 1, owner = '%s' where id = '%s'"
            .formatted(IntakeFixture.OWNER, run));
    NodeWaiting waiting =
        new NodeWaiting(
            new RunId(run),
            1,
            NodeItem.of(new NodeId("verify")),
            new Wait.Resolved(Optional.empty()),
            0,
            Optional.empty(),
            Optional.empty(),
            alerts.now(),
            alerts.now());
    CompletableFuture<Void> written = new CompletableFuture<>();
    List<Entry.Await> waits =
        List.of(new Entry.Await(waiting, "{\"kind\":\"resolved\"}", Optional.empty(), written));
    List<Runnable> tell = new ArrayList<>();
    try (Connection connection = alerts.database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      RoundTrip trip = new RoundTrip();
      AwaitNodes.lockEpisodes(trip, waits);
      Set<String> mine = AwaitNodes.add(trip, IntakeFixture.OWNER, waits, tell);
      trip.run(connection);
      RoundTrip rest = new RoundTrip();
      AwaitNodes.follow(rest, waits, mine);
      rest.run(connection);
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    tell.forEach(Runnable::run);
    assertThat(written).isCompleted();
  }

  private static Map<String, Object> answer() {
    return Json.asObject(
        Json.parseTrusted(
            alerts.text("select data from signal where kind = 'RESOLVED' and node_id = 'verify'")));
  }

  private static void sql(String sql) {
    alerts.database.jdbc().sql(sql).update();
  }
}
