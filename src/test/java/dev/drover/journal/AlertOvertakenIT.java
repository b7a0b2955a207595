package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.NOW;
import static dev.drover.alert.AlertFixtures.any;
import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.resolved;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertReception;
import dev.drover.alert.Backlog;
import dev.drover.alert.EpisodeState;
import dev.drover.alert.IntakeResult;
import dev.drover.alert.Receipt;
import dev.drover.alert.RejectedBody;
import dev.drover.alert.Spool;
import dev.drover.alert.SpoolDrain;
import dev.drover.name.ProjectName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Firings that wait in the spool of one server while another stores their resolve (case 29). */
class AlertOvertakenIT {
  private static final String T1 = "2026-11-21T16:00:00Z";
  private static final String T2 = "2026-11-21T16:10:00Z";
  private static final String T3 = "2026-11-21T16:20:00Z";
  private static final byte[] FIRING = body(firing("a", T1));
  private static final byte[] RESOLVED = body(resolved("a", T1, T2));
  private static final Map<AlertOutcome, Integer> NEW = Map.of(AlertOutcome.NEW, 1);
  private static final Map<AlertOutcome, Integer> STALE = Map.of(AlertOutcome.STALE, 1);
  private static final Map<AlertOutcome, Integer> UNKNOWN =
      Map.of(AlertOutcome.RESOLVED_UNKNOWN, 1);

  @RegisterExtension
  static final IntakeFixture alerts = new IntakeFixture(workflow("fix", anyAlert()));

  @TempDir private Path folder;
  private final List<IntakeResult> late = new CopyOnWriteArrayList<>();

  /** What of a server takes deliveries in. */
  private record Server(Spool spool, AlertReception reception, SpoolDrain drain) {
    IntakeResult receive(byte[] body) {
      try {
        return reception.receive(ProjectName.DEFAULT, "alertmanager", body);
      } catch (RejectedBody e) {
        throw new AssertionError(e);
      }
    }
  }

  private Server start(String name) {
    try {
      Spool spool = Spool.open(folder.resolve(name), 100 << 20);
      Backlog backlog = new Backlog(alerts.upkeep, 1_000);
      return new Server(
          spool,
          new AlertReception(alerts.intake, spool, backlog, late::add, Runnable::run),
          new SpoolDrain(spool, alerts.intake, alerts.upkeep, late::add));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void withoutDatabase(Runnable work) {
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

  private static void drained(Server by) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              by.drain.drain(() -> true);
              return by.spool.size() == 0;
            });
  }

  /** It is told again until the database has it, as Alertmanager does. */
  private static IntakeResult stored(Server by, byte[] body) {
    drained(by);
    return by.receive(body);
  }

  @Test
  void aFiringWhoseResolveAnotherServerHasStoredHasItsRun() {
    Server a = start("a");
    withoutDatabase(() -> a.receive(FIRING));
    alerts.after(Duration.ofMinutes(5));
    assertThat(stored(start("b"), RESOLVED).outcomes()).isEqualTo(UNKNOWN);
    alerts.after(Duration.ofMinutes(5));

    drained(start("a")); // it was killed meanwhile

    assertThat(late).extracting(IntakeResult::outcomes).containsExactly(NEW);
    assertThat(late.get(0).runs()).hasSize(1);
    assertThat(alerts.text("select state || ' ' || dedupe_key from run"))
        .isEqualTo("QUEUED alert/fix/" + alerts.text("select id from alert_episode"));
    assertThat(
            alerts.text(
                "select state || ' ' || firings || ' ' || matched || ' ' || (annotations ->> 'summary')"
                    + " from alert_episode"))
        .isEqualTo("RESOLVED 1 true it is high");
    var episode = alerts.store.episodes(ProjectName.DEFAULT, EpisodeState.RESOLVED, 9, null).get(0);
    assertThat(episode.alert().startsAt()).isEqualTo(T1);
    assertThat(episode.alert().endsAt()).isEqualTo(T2);
    assertThat(episode.openedAt()).isEqualTo(NOW);
    assertThat(episode.lastSeenAt()).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
    assertThat(episode.delivery()).isEqualTo(late.get(0).delivery());
    assertThat(alerts.count("run_episode where episode = '" + episode.id() + "'")).isEqualTo(1);
    assertThat(alerts.outcomes(FIRING)).isEqualTo(STALE);
  }

  @Test
  void repeatsOfItInSeveralSpoolsOpenOneRun() {
    Server a = start("a");
    Server c = start("c");
    withoutDatabase(
        () -> {
          a.receive(FIRING);
          c.receive(FIRING);
          a.receive(FIRING);
        });
    alerts.after(Duration.ofMinutes(5));
    stored(start("b"), RESOLVED);

    drained(c);
    drained(a);

    assertThat(late).extracting(IntakeResult::outcomes).containsExactly(NEW, STALE, STALE);
    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.count("alert_episode")).isEqualTo(1);
  }

  @Test
  void case10AFiringThatIsReceivedAfterTheResolveIsStale() {
    assertThat(alerts.outcomes(RESOLVED)).isEqualTo(UNKNOWN);
    assertThat(alerts.outcomes(FIRING)).isEqualTo(STALE); // at the same instant
    alerts.after(Duration.ofSeconds(1));

    Server a = start("a");
    withoutDatabase(() -> a.receive(FIRING));
    drained(a);

    assertThat(late).extracting(IntakeResult::outcomes).containsExactly(STALE);
    assertThat(alerts.count("run")).isZero();
    assertThat(alerts.text("select firings from alert_episode")).isEqualTo("0");
  }

  @Test
  void aRepeatOfAnEpisodeThatHadItsRunIsStale() {
    Server a = start("a");
    alerts.receive(FIRING);
    alerts.receive(RESOLVED);
    withoutDatabase(() -> a.receive(FIRING));
    alerts.after(Duration.ofMinutes(5));
    stored(start("b"), body(resolved("a", T3, "2026-11-21T16:30:00Z")));

    drained(a);

    assertThat(late).extracting(IntakeResult::outcomes).containsExactly(STALE);
    assertThat(alerts.count("run")).isEqualTo(1);
  }

  @Test
  void itHasItsRunAlthoughTheAlertFiresAgain() {
    Server a = start("a");
    Server b = start("b");
    withoutDatabase(() -> a.receive(FIRING));
    alerts.after(Duration.ofMinutes(5));
    stored(b, RESOLVED);
    alerts.after(Duration.ofMinutes(5));
    assertThat(b.receive(body(firing("a", T3))).outcomes()).isEqualTo(NEW);

    drained(a);

    assertThat(late).extracting(IntakeResult::outcomes).containsExactly(NEW);
    assertThat(alerts.count("run")).isEqualTo(2);
    assertThat(alerts.count("alert_episode where firings = 1")).isEqualTo(2);
    assertThat(alerts.outcomes(body(firing("a", T3)))).isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1));
    assertThat(alerts.outcomes(body(resolved("a", T3, "2026-11-21T16:30:00Z"))))
        .isEqualTo(Map.of(AlertOutcome.RESOLVED, 1));
  }

  @Test
  void aRunThatItsResolveCancelsEndsAtOnce() {
    alerts.deploy(workflow("fix", any().cancelledWhenResolved().build()));
    overtaken();

    assertThat(late).extracting(IntakeResult::outcomes).containsExactly(NEW);
    assertThat(alerts.text("select state || ': ' || reason || (ended_at is not null) from run"))
        .isEqualTo("CANCELLED: the alert was resolved before its turn cametrue");
    assertThat(alerts.ended.runs).hasSize(1);
    assertThat(alerts.count("signal")).isZero();
  }

  @Test
  void aCooldownHoldsForItAndStaysWithTheEpisodeThatStillFires() {
    alerts.deploy(workflow("fix", any().cooldown(Duration.ofMinutes(30)).build()));
    Server a = start("a");
    Server b = start("b");
    String early = "2026-11-21T15:00:00Z";
    alerts.receive(body(firing("a", early)));
    alerts.receive(body(resolved("a", early, "2026-11-21T15:10:00Z")));
    withoutDatabase(() -> a.receive(FIRING));
    alerts.after(Duration.ofMinutes(5));
    stored(b, RESOLVED);
    b.receive(body(firing("a", T3)));

    drained(a);

    assertThat(late)
        .extracting(IntakeResult::outcomes)
        .containsExactly(Map.of(AlertOutcome.SUPPRESSED, 1));
    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.count("alert_episode where matched and firings = 1")).isEqualTo(3);
    alerts.after(Duration.ofMinutes(31));
    assertThat(alerts.jobs.endCooldowns()).isEqualTo(1);
    assertThat(
            alerts.text(
                "select trigger -> 'alert' ->> 'startsAt' from run order by id desc limit 1"))
        .isEqualTo(T3);
  }

  @Test
  void oneThatNoWorkflowWantsIsKeptAsSuch() {
    alerts.deploy();
    overtaken();

    assertThat(late)
        .extracting(IntakeResult::outcomes)
        .containsExactly(Map.of(AlertOutcome.UNMATCHED, 1));
    assertThat(alerts.text("select state || ' ' || firings || ' ' || matched from alert_episode"))
        .isEqualTo("RESOLVED 1 false");
  }

  @Test
  void itHasItsRunEvenIfTheEpisodeIsDeletedAsOld() {
    Server a = start("a");
    withoutDatabase(() -> a.receive(FIRING));
    alerts.after(Duration.ofMinutes(5));
    stored(start("b"), RESOLVED);
    alerts.database.jdbc().sql("delete from alert_episode").update();

    drained(a);

    assertThat(
            alerts.count(
                "run r join run_episode x on x.run = r.id join alert_episode e on e.id = x.episode"))
        .isEqualTo(1);
  }

  private void overtaken() {
    Server a = start("a");
    withoutDatabase(() -> a.receive(FIRING));
    alerts.after(Duration.ofMinutes(5));
    stored(start("b"), RESOLVED);
    drained(a);
  }

  @Test
  void everyFiringOfAnAlertThatFlapsHasItsRunInWhateverOrder() throws RejectedBody {
    Deque<Receipt> firings = new ArrayDeque<>();
    Deque<Receipt> resolves = new ArrayDeque<>();
    for (int i = 0; i < 5; i++) {
      String began = minute(10 * i);
      firings.addFirst(received(firing("a", began), 10 * i));
      resolves.add(received(resolved("a", began, minute(10 * i + 5)), 10 * i + 5));
    }

    resolves.forEach(alerts.intake::store);
    firings.forEach(alerts.intake::store);

    assertThat(alerts.count("run")).isEqualTo(5);
    assertThat(alerts.count("alert_episode where state = 'RESOLVED' and firings = 1")).isEqualTo(5);
    assertThat(alerts.text("select coalesce(remembered::text, 'none') from alert_identity"))
        .isEqualTo("none");
  }

  /** Each server stores what it received in its order; how they take turns is left to chance. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void spoolsThatAreDrainedInAnyOrderOpenNoSecondRun(long seed) throws RejectedBody {
    Random random = new Random(seed);
    List<Deque<Receipt>> servers =
        List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());
    for (int i = 0; i < 4; i++) {
      for (int identity = 0; identity < 10; identity++) {
        String name = "id" + identity;
        for (int n = random.nextInt(3); n >= 0; n--) {
          servers.get(random.nextInt(3)).add(received(firing(name, minute(10 * i)), 10 * i + 1));
        }
        Receipt over = received(resolved(name, minute(10 * i), minute(10 * i + 5)), 10 * i + 6);
        servers.get(random.nextInt(3)).add(over);
      }
    }

    for (int left = 3; left > 0; ) {
      List<Deque<Receipt>> some = servers.stream().filter(s -> !s.isEmpty()).toList();
      left = some.size();
      for (int n = random.nextInt(12); n >= 0 && left > 0; n--) {
        Deque<Receipt> server = some.get(random.nextInt(left));
        if (!server.isEmpty()) {
          alerts.intake.store(server.remove());
        }
      }
    }

    assertThat(
            alerts.count(
                """
                (select 1 from run
                 group by trigger -> 'alert' ->> 'fingerprint', trigger -> 'alert' ->> 'startsAt'
                 having count(*) > 1) x
                """))
        .as("no firing has two runs")
        .isZero();
    assertThat(
            alerts.count(
                """
                alert_episode e
                where (e.firings > 0) <> exists (select 1 from run_episode x where x.episode = e.id)
                """))
        .as("every episode that fired has its run")
        .isZero();
    assertThat(alerts.count("(select distinct identity from alert_episode where firings > 0) x"))
        .isEqualTo(10);
  }

  private static Receipt received(String alert, int minute) throws RejectedBody {
    alerts.at(Instant.parse(minute(minute)));
    return alerts.intake.read(ProjectName.DEFAULT, "alertmanager", body(alert));
  }

  private static String minute(int minutes) {
    return NOW.plusSeconds(60L * minutes).toString();
  }
}
