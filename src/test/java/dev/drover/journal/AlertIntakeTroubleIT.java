package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.captured;
import static dev.drover.alert.AlertFixtures.many;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertStore.DeliveryFilter;
import dev.drover.alert.IntakeResult;
import dev.drover.alert.IntakeUnavailable;
import dev.drover.name.ProjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Senders at the same instant, and a database that goes away at the worst moment. */
class AlertIntakeTroubleIT {
  private static final byte[] ONE = captured("01-firing-single");

  @RegisterExtension
  static final IntakeFixture alerts = new IntakeFixture(workflow("fix", anyAlert()));

  private ExecutorService senders;

  @BeforeEach
  void start() {
    senders = Executors.newFixedThreadPool(4);
  }

  @AfterEach
  void stop() {
    senders.shutdownNow();
  }

  @RepeatedTest(10)
  void twoSendersInOppositeOrderOpenOneRunAnAlert() throws Exception {
    List<String> thousand = many(1_000, 20);
    List<String> reversed = new ArrayList<>(thousand);
    Collections.reverse(reversed);

    List<IntakeResult> results =
        sendAll(
            List.of(() -> alerts.receive(body(thousand)), () -> alerts.receive(body(reversed))));

    assertThat(results)
        .extracting(r -> r.count(AlertOutcome.NEW))
        .containsExactlyInAnyOrder(1_000, 0);
    assertThat(results)
        .extracting(r -> r.count(AlertOutcome.DUPLICATE))
        .containsExactlyInAnyOrder(0, 1_000);
    assertThat(alerts.count("run")).isEqualTo(1_000);
    assertThat(alerts.count("alert_episode where firings = 2")).isEqualTo(1_000);
  }

  @RepeatedTest(5)
  void sendersWhoseBodiesOverlapNeverDeadlock() throws Exception {
    List<String> alertsOfAll = many(400, 20);
    List<Supplier<IntakeResult>> sends = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<String> part = new ArrayList<>(alertsOfAll.subList(i * 50, i * 50 + 250));
      Collections.shuffle(part, new java.util.Random(i));
      sends.add(() -> alerts.receive(body(part)));
    }

    List<IntakeResult> results = sendAll(sends);

    assertThat(results.stream().mapToInt(r -> r.count(AlertOutcome.NEW)).sum()).isEqualTo(400);
    assertThat(results.stream().mapToInt(r -> r.runs().size()).sum()).isEqualTo(400);
    assertThat(alerts.count("run")).isEqualTo(400);
  }

  @Test
  void whenTheFirstOfTwoSendersFailsTheSecondOpensTheRun() throws Exception {
    CountDownLatch firstHoldsLocks = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    alerts.insideTransaction(
        () -> {
          if (first.getAndSet(false)) {
            firstHoldsLocks.countDown();
            awaitLatch(fail);
            alerts.database.terminateOpenTransactions();
          }
        });

    Future<IntakeResult> broken = senders.submit(() -> alerts.receive(ONE));
    awaitLatch(firstHoldsLocks);
    Future<IntakeResult> other = senders.submit(() -> alerts.receive(ONE));
    await().atMost(Duration.ofSeconds(10)).until(() -> alerts.database.waitingForLocks() == 1);
    fail.countDown();

    assertThatThrownBy(() -> broken.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IntakeUnavailable.class);
    assertThat(other.get(20, TimeUnit.SECONDS).outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1));
    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.count("delivery")).isEqualTo(1);
  }

  @Test
  void aKilledTransactionLeavesNothingAndTheRetryOpensTheRun() {
    alerts.insideTransaction(alerts.database::terminateOpenTransactions);
    assertThatThrownBy(() -> alerts.receive(ONE)).isInstanceOf(IntakeUnavailable.class);
    alerts.insideTransaction(() -> {});

    for (String table : List.of("delivery", "alert_identity", "alert_episode", "run")) {
      assertThat(alerts.count(table)).as(table).isZero();
    }
    assertThat(alerts.outcomes(ONE)).isEqualTo(Map.of(AlertOutcome.NEW, 1));
    assertThat(alerts.outcomes(ONE)).isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));
    assertThat(alerts.count("run")).isEqualTo(1);
  }

  @Test
  void aFaultOfOurOwnLeavesNothingEither() {
    alerts.insideTransaction(
        () -> {
          throw new IllegalStateException("a bug");
        });

    assertThatThrownBy(() -> alerts.receive(ONE)).hasMessage("a bug");
    assertThat(alerts.count("alert_identity")).isZero();
  }

  @Test
  void withTheDatabaseAwaySendersAreToldToComeAgainAndTheRetryOpensTheRun() {
    alerts.database.goAway();
    try {
      Instant asked = Instant.now();
      assertThatThrownBy(() -> alerts.receive(ONE)).isInstanceOf(IntakeUnavailable.class);
      assertThatThrownBy(() -> alerts.store.episodes(ProjectName.DEFAULT, null, 10, null))
          .isInstanceOf(IntakeUnavailable.class);
      assertThatThrownBy(
              () -> alerts.store.deliveries(ProjectName.DEFAULT, DeliveryFilter.ALL, 10, null))
          .isInstanceOf(IntakeUnavailable.class);
      assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(10));
    } finally {
      alerts.database.comeBack();
    }
    // As Alertmanager does: the pool may still hold a connection that it does not know to be dead.
    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptionsInstanceOf(IntakeUnavailable.class)
        .untilAsserted(
            () -> assertThat(alerts.outcomes(ONE)).isEqualTo(Map.of(AlertOutcome.NEW, 1)));
    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.count("delivery")).isEqualTo(1);
  }

  @Test
  void aDatabaseThatRefusesConnectionsIsSaidSoAtOnce() {
    AlertIntake intake =
        alerts.intake(
            alerts.rows(
                new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none", "a", "b")));

    assertThatThrownBy(() -> intake.receive(ProjectName.DEFAULT, "x", ONE))
        .isInstanceOf(IntakeUnavailable.class);
  }

  private List<IntakeResult> sendAll(List<Supplier<IntakeResult>> sends) {
    CyclicBarrier together = new CyclicBarrier(sends.size());
    List<CompletableFuture<IntakeResult>> all = new ArrayList<>();
    for (Supplier<IntakeResult> send : sends) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  together.await(10, TimeUnit.SECONDS);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
                return send.get();
              },
              senders));
    }
    return all.stream().map(f -> f.orTimeout(60, TimeUnit.SECONDS).join()).toList();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
