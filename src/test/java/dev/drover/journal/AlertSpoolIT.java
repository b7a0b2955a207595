package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.resolved;
import static dev.drover.alert.AlertFixtures.utf8;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertReception;
import dev.drover.alert.Backlog;
import dev.drover.alert.IntakeResult;
import dev.drover.alert.IntakeUnavailable;
import dev.drover.alert.Overloaded;
import dev.drover.alert.RejectedBody;
import dev.drover.alert.Spool;
import dev.drover.alert.SpoolDrain;
import dev.drover.name.ProjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries while the database is away (cases 28 and 29), and while too much waits (30). */
class AlertSpoolIT {
  private static final String T1 = "2026-11-21T16:00:00Z";
  private static final String T2 = "2026-11-21T16:10:00Z";
  private static final String T3 = "2026-11-21T16:20:00Z";
  private static final Map<AlertOutcome, Integer> SPOOLED = Map.of(AlertOutcome.SPOOLED, 1);
  private static final Map<AlertOutcome, Integer> NEW = Map.of(AlertOutcome.NEW, 1);

  @RegisterExtension
  static final IntakeFixture alerts = new IntakeFixture(workflow("fix", anyAlert()));

  @TempDir private Path folder;
  private final List<IntakeResult> late = new CopyOnWriteArrayList<>();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server = start(100 << 20);
  }

  /** What of a server takes deliveries in. */
  private record Server(Spool spool, AlertReception reception, SpoolDrain drain) {
    IntakeResult receive(byte[] body) {
      return receive("alertmanager", body);
    }

    IntakeResult receive(String source, byte[] body) {
      try {
        return reception.receive(ProjectName.DEFAULT, source, body);
      } catch (RejectedBody e) {
        throw new AssertionError(e);
      }
    }

    int drainAll() {
      return drain.drain(() -> true);
    }
  }

  private Server start(long limit) throws IOException {
    return start(limit, 1_000, Runnable::run);
  }

  private Server start(long limit, int maxQueued, Executor storing) throws IOException {
    Spool spool = Spool.open(folder, limit);
    Backlog backlog = new Backlog(alerts.upkeep, maxQueued);
    return new Server(
        spool,
        new AlertReception(alerts.intake, spool, backlog, late::add, storing),
        new SpoolDrain(spool, alerts.intake, alerts.upkeep, late::add));
  }

  /** As a server does until the pool has found out that its connections are dead. */
  private void drained(Server by) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              by.drainAll();
              return by.spool.size() == 0;
            });
  }

  private void withoutDatabase(Runnable work) {
    alerts.database.dataSource().setConnectionTimeout(300); // there is nothing to wait for
    alerts.database.goAway();
    try {
      work.run();
    } finally {
      alerts.database.comeBack();
      alerts.database.dataSource().setConnectionTimeout(2_000);
      alerts.database.dataSource().getHikariPoolMXBean().softEvictConnections();
    }
  }

  @Test
  void withTheDatabaseThereNothingIsSpooled() {
    assertThat(server.receive(body(firing("a", T1))).outcomes()).isEqualTo(NEW);
    assertThat(server.spool.size()).isZero();
    assertThat(server.drainAll()).isZero();
  }

  @Test
  void case29AnAlertThatFiresAndIsResolvedMeanwhileHasItsRun() {
    List<UUID> ids = new ArrayList<>();
    withoutDatabase(
        () -> {
          IntakeResult first = server.receive(body(firing("a", T1)));
          assertThat(first.outcomes()).isEqualTo(SPOOLED);
          assertThat(first.hasQueuedWork()).isTrue();
          ids.add(first.delivery());
          alerts.after(Duration.ofMinutes(5));
          ids.add(server.receive(body(resolved("a", T1, T2))).delivery());
          assertThat(server.drainAll()).isZero();
        });
    assertThat(server.spool.size()).isEqualTo(2);
    assertThat(alerts.count("delivery")).isZero();
    alerts.after(Duration.ofMinutes(5));

    drained(server);

    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.text("select state || ' ' || firings from alert_episode"))
        .isEqualTo("RESOLVED 1");
    assertThat(alerts.count("delivery where received_at = '2026-11-21T17:05:00Z'")).isEqualTo(1);
    assertThat(late)
        .extracting(IntakeResult::outcomes)
        .containsExactly(NEW, Map.of(AlertOutcome.RESOLVED, 1));
    assertThat(late).extracting(IntakeResult::delivery).isEqualTo(ids);
    assertThat(alerts.outcomes(body(firing("a", T1)))).isEqualTo(Map.of(AlertOutcome.STALE, 1));
  }

  @Test
  void aRestartWhileTheDatabaseIsAwayLosesNothing() throws IOException {
    withoutDatabase(() -> server.receive(body(firing("a", T1), firing("b", T1))));

    Server next = start(100 << 20);
    assertThat(next.spool.size()).isEqualTo(1);
    assertThat(next.receive(body(resolved("a", T1, T2))).outcomes()).isEqualTo(SPOOLED);
    drained(next);

    assertThat(alerts.count("run")).isEqualTo(2);
    assertThat(alerts.count("alert_episode where state = 'OPEN'")).isEqualTo(1);
  }

  /** The database has it, and the server died before it removed the file. */
  @Test
  void whatWasStoredAndNotRemovedIsNotStoredTwice() throws IOException {
    withoutDatabase(
        () -> {
          server.receive(body(firing("a", T1)));
          server.receive(body(resolved("a", T1, T2)));
          server.receive(body(firing("a", T3)));
        });
    copyAll(folder, folder.resolve("copy"));
    drained(server);
    copyAll(folder.resolve("copy"), folder);

    drained(start(100 << 20));

    assertThat(alerts.count("run")).isEqualTo(2);
    assertThat(alerts.count("alert_episode")).isEqualTo(2);
    assertThat(alerts.count("delivery")).isEqualTo(3);
    assertThat(late.subList(3, 6)).extracting(IntakeResult::outcomes).containsOnly(Map.of());
  }

  @Test
  void laterDeliveriesOfASenderGoBehindWhatWaits() throws IOException {
    withoutDatabase(() -> server.receive(body(firing("a", T1))));

    assertThat(server.receive(body(resolved("a", T1, T2))).outcomes()).isEqualTo(SPOOLED);
    drained(server);

    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.count("alert_episode where state = 'RESOLVED' and firings = 1")).isEqualTo(1);
    Server next = start(100 << 20); // does not remember that the database was away
    assertThat(next.receive(body(firing("a", T3))).outcomes()).isEqualTo(NEW);
  }

  @Test
  void aSenderThatComesAgainAfterASpooledAnswerIsADuplicate() {
    withoutDatabase(
        () -> {
          server.receive(body(firing("a", T1)));
          server.receive(body(firing("a", T1)));
        });
    drained(server);

    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.text("select firings from alert_episode")).isEqualTo("2");
  }

  @Test
  void case28WithoutASpoolTheSenderIsTold() throws IOException {
    Server none = start(0);
    withoutDatabase(
        () ->
            assertThatThrownBy(() -> none.receive(body(firing("a", T1))))
                .isInstanceOf(IntakeUnavailable.class));
    assertThat(none.spool.size()).isZero();
  }

  @Test
  void aFullSpoolRefusesAndKeepsTheOrder() throws IOException {
    Server small = start(4096);
    withoutDatabase(
        () -> {
          small.receive(body(firing("a", T1)));
          assertThatThrownBy(() -> small.receive(body(resolved("a", T1, T2))))
              .isInstanceOf(IntakeUnavailable.class);
        });
    // Not even now: the firing is not stored yet.
    assertThatThrownBy(() -> small.receive(body(resolved("a", T1, T2))))
        .isInstanceOf(IntakeUnavailable.class);
    drained(small);
    assertThat(start(4096).receive(body(resolved("a", T1, T2))).outcomes())
        .isEqualTo(Map.of(AlertOutcome.RESOLVED, 1));
  }

  @Test
  void anInvalidBodyIsRefusedAllTheSame() {
    withoutDatabase(
        () ->
            assertThatThrownBy(() -> server.reception.receive(ProjectName.DEFAULT, "x", utf8("[]")))
                .isInstanceOf(RejectedBody.class));
    assertThat(server.spool.size()).isZero();
  }

  @Test
  void whatCantBeReadIsSetAsideAndShownAndThoseBehindItAreStored() throws IOException {
    withoutDatabase(
        () -> {
          server.receive(body(firing("a", T1)));
          server.receive(body(firing("b", T1)));
        });
    List<Path> files = deliveries(folder);
    Files.writeString(files.get(0), "nonsense\u0000");

    Server next = start(100 << 20);
    drained(next);
    next.drainAll();

    assertThat(alerts.text("select trigger -> 'alert' ->> 'fingerprint' from run")).isEqualTo("b");
    assertThat(alerts.text("select kind || ': ' || reason from quarantine"))
        .startsWith("delivery: ")
        .contains("first line");
    assertThat(alerts.count("quarantine")).isEqualTo(1);
    assertThat(deliveries(folder.resolve("quarantine"))).hasSize(1);
    assertThat(start(100 << 20).spool.size()).isZero();
  }

  @Test
  void whatTheDatabaseRefusesForGoodIsSetAside() throws Exception {
    withoutDatabase(
        () -> {
          try {
            server.reception.receive(
                new ProjectName("gone"), "alertmanager", body(firing("a", T1)));
          } catch (RejectedBody e) {
            throw new AssertionError(e);
          }
          server.receive(body(firing("b", T1)));
        });
    drained(server);

    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.text("select project || ': ' || reason from quarantine"))
        .isEqualTo("gone: there is no project \"gone\"");
    assertThat(alerts.text("select raw from quarantine")).contains("\"alertname\":\"Load\"");
  }

  @Test
  void whatFailsAgainAndAgainWhileTheDatabaseAnswersIsSetAside() {
    withoutDatabase(
        () -> {
          server.receive(body(firing("a", T1)));
          server.receive("other", body(firing("b", T1)));
        });
    await().atMost(Duration.ofSeconds(10)).until(() -> answers());
    boolean[] poison = {true};
    alerts.insideTransaction(
        () -> {
          if (poison[0]) {
            throw new IllegalStateException("a bug");
          }
        });
    for (int i = 0; i < 29; i++) {
      assertThat(server.drainAll()).isZero();
    }
    assertThat(server.spool.size()).isEqualTo(2);
    alerts.insideTransaction(
        () -> {
          if (poison[0]) {
            poison[0] = false;
            throw new IllegalStateException("a bug");
          }
        });
    drained(server);

    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.text("select reason from quarantine"))
        .isEqualTo("the database refused it 30 times: a bug");
  }

  private static boolean answers() {
    try {
      return alerts.upkeep.queuedRuns(1) >= 0;
    } catch (IntakeUnavailable e) {
      return false;
    }
  }

  @Test
  void aStoreThatHangsIsNotWaitedForAndWhatItStoresAfterAllCountsOnce() throws Exception {
    ExecutorService storing = Executors.newCachedThreadPool();
    Server patient = start(100 << 20, 1_000, storing);
    CountDownLatch goOn = new CountDownLatch(1);
    alerts.insideTransaction(() -> awaitLatch(goOn));

    long start = System.nanoTime();
    assertThat(patient.receive(body(firing("a", T1))).outcomes()).isEqualTo(SPOOLED);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      assertThat(patient.receive("source" + i, body(firing("a", T1))).outcomes())
          .isEqualTo(SPOOLED);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    goOn.countDown();
    await().atMost(Duration.ofSeconds(10)).until(() -> late.size() == 1);
    alerts.insideTransaction(() -> {});
    drained(patient);

    assertThat(alerts.count("run")).isEqualTo(51);
    assertThat(alerts.count("delivery")).isEqualTo(51);
    assertThat(late).hasSize(52);
    assertThat(late.stream().mapToInt(r -> r.count(AlertOutcome.NEW)).sum()).isEqualTo(51);
    storing.shutdown();
  }

  @Test
  void case30WhenTooManyRunsWaitNoMoreAreOpened() throws IOException {
    Server busy = start(100 << 20, 3, Runnable::run);
    assertThat(busy.receive(body(firing("a", T1), firing("b", T1), firing("c", T1))).runs())
        .hasSize(3);

    Server later = start(100 << 20, 3, Runnable::run); // which has not counted yet
    assertThatThrownBy(() -> later.receive(body(firing("d", T1))))
        .isInstanceOf(Overloaded.class)
        .hasMessageContaining("drover.runs.max-queued");
    assertThat(alerts.count("delivery")).isEqualTo(1);
    assertThat(later.receive(body(resolved("a", T1, T2))).outcomes())
        .isEqualTo(Map.of(AlertOutcome.RESOLVED, 1));
  }

  @Test
  void whatWaitsInTheSpoolWasAcceptedAndIsStoredAllTheSame() throws IOException {
    withoutDatabase(
        () -> {
          server.receive(body(firing("x", T1)));
          server.receive(body(resolved("x", T1, T2)));
        });
    await().atMost(Duration.ofSeconds(10)).until(() -> answers());
    alerts.receive("direct", body(firing("a", T1)));
    Server busy = start(100 << 20, 1, Runnable::run);

    assertThatThrownBy(() -> busy.receive(body(firing("y", T1)))).isInstanceOf(Overloaded.class);
    assertThat(busy.receive(body(resolved("y", T1, T2))).outcomes()).isEqualTo(SPOOLED);
    drained(busy);

    assertThat(alerts.count("run")).isEqualTo(2);
    assertThat(alerts.count("alert_episode where state = 'RESOLVED'")).isEqualTo(2);
  }

  @Test
  void runsOfPausedWorkflowsKeepNoOthersOut() throws IOException {
    alerts.database.jdbc().sql("delete from workflow").update();
    sql("insert into workflow values ('default', 'fix', 1, 'api', false, true)");
    alerts.receive(body(firing("a", T1)));

    assertThat(start(100 << 20, 1, Runnable::run).receive(body(firing("b", T1))).runs()).hasSize(1);

    sql("update workflow set paused = false");
    Server full = start(100 << 20, 1, Runnable::run);
    assertThatThrownBy(() -> full.receive(body(firing("c", T1)))).isInstanceOf(Overloaded.class);
    sql("delete from workflow");
  }

  /** A database whose disk is full takes it later; one that can't ever take it says so. */
  @Test
  void aSickDatabaseIsTriedForEverAndOneThatRefusesIsNot() {
    withoutDatabase(() -> server.receive(body(firing("a", T1))));
    await().atMost(Duration.ofSeconds(10)).until(() -> answers());
    refuseDeliveries("53100");
    for (int i = 0; i < 100; i++) {
      assertThat(server.drainAll()).isZero();
    }
    assertThat(server.spool.size()).isEqualTo(1);

    refuseDeliveries("22003");
    for (int i = 0; i < 29; i++) {
      assertThat(server.drainAll()).isZero();
    }
    assertThat(server.drainAll()).isEqualTo(1);
    assertThat(alerts.text("select reason from quarantine")).contains("refused it 30 times");
    sql("drop trigger sick on delivery");
  }

  private static void refuseDeliveries(String state) {
    sql(
        """
        create or replace function sick() returns trigger language plpgsql as $$
        begin raise exception 'sick' using errcode = '%s'; end $$
        """
            .formatted(state));
    sql("create or replace trigger sick before insert on delivery execute function sick()");
  }

  private static void sql(String text) {
    alerts.database.jdbc().sql(text).update();
  }

  @Test
  void aFileThatIsGoneOrCantBeReadKeepsNothingBehindIt() throws IOException {
    withoutDatabase(
        () -> {
          server.receive(body(firing("a", T1)));
          server.receive(body(firing("b", T1)));
          server.receive(body(firing("c", T1)));
        });
    List<Path> files = deliveries(folder);
    Files.delete(files.get(0));
    makeUnreadable(files.get(1));
    await().atMost(Duration.ofSeconds(10)).until(() -> answers());

    for (int i = 0; i < 29; i++) {
      server.drainAll();
    }
    assertThat(server.spool.size()).isEqualTo(2);
    server.drainAll();
    server.drainAll();

    assertThat(server.spool.size()).isZero();
    assertThat(alerts.text("select trigger -> 'alert' ->> 'fingerprint' from run")).isEqualTo("c");
    assertThat(alerts.text("select reason from quarantine")).contains("could not be read 30 times");
  }

  @Test
  void anUnreadableFileKeepsNoServerFromStartingAndNoOtherFromBeingShown() throws IOException {
    withoutDatabase(
        () -> {
          server.receive(body(firing("a", T1)));
          server.receive(body(firing("b", T1)));
        });
    makeUnreadable(deliveries(folder).get(0));
    Path quarantine = folder.resolve("quarantine");
    Files.createDirectories(quarantine.resolve(new UUID(0, 0) + ".reason"));

    Server next = start(100 << 20);
    assertThat(next.spool.size()).isEqualTo(1);
    drained(next);

    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.text("select reason from quarantine")).startsWith("its file can't be read");
    assertThat(alerts.text("select subject from quarantine")).contains("can't be read");
  }

  /** Even for who may read every file. */
  private static void makeUnreadable(Path file) throws IOException {
    Files.delete(file);
    Files.createDirectory(file);
  }

  private static void copyAll(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : deliveries(from)) {
      Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static List<Path> deliveries(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".delivery")).sorted().toList();
    }
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
