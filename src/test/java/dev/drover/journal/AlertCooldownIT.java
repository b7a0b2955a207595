package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.NOW;
import static dev.drover.alert.AlertFixtures.any;
import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.many;
import static dev.drover.alert.AlertFixtures.resolved;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertJobs;
import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertUpkeep;
import dev.drover.alert.IntakeResult;
import dev.drover.alert.Matches;
import dev.drover.alert.RejectedBody;
import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alerts that flap (case 13). */
class AlertCooldownIT {
  private static final Duration TEN = Duration.ofMinutes(10);
  private static final Instant END = NOW.plus(TEN).plusSeconds(30);

  private static final Matches NOTHING = new Matches(List.of(), List.of(), List.of());

  @RegisterExtension
  static final IntakeFixture alerts =
      new IntakeFixture(workflow("fix", any().cooldown(TEN).build()));

  @Test
  void case13FlapsOpenOneRunAndOneMoreIfItStillFiresAtTheEnd() {
    assertThat(flap("a", false).outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1));
    for (int i = 0; i < 4; i++) {
      IntakeResult again = flap("a", i == 3);
      assertThat(again.outcomes()).isEqualTo(Map.of(AlertOutcome.SUPPRESSED, 1));
      assertThat(again.hasQueuedWork()).isFalse();
    }
    assertThat(alerts.jobs.endCooldowns()).isZero();
    assertThat(alerts.count("run")).isEqualTo(1);

    alerts.at(END);
    assertThat(alerts.jobs.endCooldowns()).isEqualTo(1);

    assertThat(alerts.count("run")).isEqualTo(2);
    assertThat(alerts.count("run_episode re join alert_episode e on e.id = re.episode"))
        .isEqualTo(2);
    Map<String, Object> newest = newestTrigger();
    assertThat(newest).containsOnlyKeys("type", "alert", "group");
    assertThat(Json.asObject(newest.get("alert")).get("episode"))
        .isEqualTo(alerts.text("select id from alert_episode where state = 'OPEN'"));
    assertThat(Json.asObject(newest.get("group")).get("labels"))
        .isEqualTo(Map.of("alertname", "Load"));
    assertThat(
            alerts.count(
                "run r join alert_episode e on r.dedupe_key = 'alert/fix/' || e.id where e.state ="
                    + " 'OPEN'"))
        .isEqualTo(1);
    // That one has a cooldown as well.
    assertThat(alerts.jobs.endCooldowns()).isZero();
    assertThat(alerts.count("cooldown where suppressed = '{}'")).isEqualTo(1);
  }

  @Test
  void whatNoLongerFiresAtTheEndOpensNothing() {
    flap("a", false);
    flap("a", false);

    alerts.at(END);

    assertThat(alerts.jobs.endCooldowns()).isZero();
    assertThat(alerts.count("run")).isEqualTo(1);
    assertThat(alerts.count("cooldown")).isZero();
    assertThat(flap("a", true).outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1));
  }

  @Test
  void afterACooldownThatNobodyEndedYetANewEpisodeOpensARun() {
    flap("a", false);
    flap("a", false);
    alerts.at(END);

    assertThat(flap("a", true).outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1));
    alerts.at(alerts.now().plus(TEN));
    assertThat(alerts.jobs.endCooldowns()).isZero();
    assertThat(alerts.count("run")).isEqualTo(2);
  }

  @Test
  void anotherAlertAndAnotherWorkflowHaveTheirOwn() {
    alerts.deploy(workflow("fix", any().cooldown(TEN).build()), workflow("tell", anyAlert()));
    flap("a", false);

    IntakeResult again = flap("a", false);
    assertThat(again.outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1));
    assertThat(again.runs()).extracting(r -> r.workflow().value()).containsExactly("tell");
    assertThat(flap("b", false).runs()).hasSize(2);
  }

  @Test
  void whatIsSuppressedIsNotReplayableAndItsBodyIsKept() {
    flap("a", false);
    UUID delivery = flap("a", true).delivery();

    assertThat(alerts.count("delivery where body is not null")).isEqualTo(2);
    assertThat(alerts.intake.replay(ProjectName.DEFAULT, delivery).orElseThrow().runs()).isEmpty();
  }

  @Test
  void aWorkflowThatNoLongerWantsTheAlertOpensNothingAtTheEnd() {
    flap("a", false);
    flap("a", true);
    alerts.deploy();
    alerts.at(END);

    assertThat(alerts.jobs.endCooldowns()).isZero();
    assertThat(alerts.count("cooldown")).isZero();
  }

  @Test
  void aCooldownThatItsWorkflowNoLongerHasHoldsNothing() {
    flap("a", false);
    alerts.deploy(workflow("fix", anyAlert()));

    assertThat(flap("a", true).outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1));
  }

  @Test
  void aGroupsCooldownHoldsForAllAlertsOfTheGroup() {
    alerts.deploy(workflow("fix", any().perGroup().cooldown(TEN).build()));
    alerts.receive(body(firing("a", at(-9))));

    alerts.after(Duration.ofMinutes(1));
    assertThat(alerts.outcomes(body(firing("b", at(-8)))))
        .isEqualTo(Map.of(AlertOutcome.SUPPRESSED, 1));
    assertThat(alerts.outcomes(body(firing("c", at(-7)), firing("d", at(-7)))))
        .isEqualTo(Map.of(AlertOutcome.SUPPRESSED, 2));
    alerts.receive(body(resolved("d", at(-7), at(-6))));
    assertThat(alerts.count("run")).isEqualTo(1);

    alerts.at(END);
    assertThat(alerts.jobs.endCooldowns()).isEqualTo(1);
    assertThat(alerts.count("run")).isEqualTo(2);
    assertThat((List<?>) newestTrigger().get("alerts"))
        .extracting(a -> Json.asObject(a).get("fingerprint"))
        .containsExactly("b", "c");
    assertThat(alerts.count("cooldown where suppressed = '{}'")).isEqualTo(1);
  }

  @Test
  void anotherGroupIsFree() {
    alerts.deploy(workflow("fix", any().perGroup().cooldown(TEN).build()));
    alerts.receive(body(firing("a", at(-9))));

    byte[] other =
        new String(body(firing("b", at(-9))), java.nio.charset.StandardCharsets.UTF_8)
            .replace("\"groupKey\":\"{}:{}\"", "\"groupKey\":\"{}:{other}\"")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(alerts.receive(other).runs()).hasSize(1);
  }

  /** Whatever it is: a row that can't be written, or a workflow that can't be matched. */
  @Test
  void oneThatFailsIsPutOffAndTheOthersEnd() {
    flap("a", false);
    flap("a", true);
    flap("b", false);
    flap("b", true);
    Instant both = END.plusSeconds(300);
    alerts.at(both);
    String identity =
        alerts.text("select identity from alert_episode where state = 'OPEN' order by id limit 1");
    AlertUpkeep upkeep = alerts.upkeep;
    AlertUpkeep.Ended ended =
        upkeep.endCooldowns(
            both,
            cooled -> {
              if (cooled.episodes().get(0).alert().identity().equals(identity)) {
                throw new IllegalStateException("a bug");
              }
              return Optional.of(NOTHING);
            });

    assertThat(ended.cooldowns()).isEqualTo(1);
    assertThat(alerts.text("select identity from cooldown")).isEqualTo(identity);
    assertThat(upkeep.endCooldowns(both, cooled -> Optional.of(NOTHING)).cooldowns()).isZero();
    alerts.at(both.plusSeconds(61));
    assertThat(alerts.jobs.endCooldowns()).isEqualTo(1);
  }

  @Test
  void aServerThatDoesNotHaveTheWorkflowYetLeavesItsEndToOneThatHas() {
    flap("a", false);
    flap("a", true);
    sql("insert into workflow values ('default', 'fix', 1, 'api', false, false)");
    alerts.deploy();
    alerts.at(END);
    try {
      assertThat(alerts.jobs.endCooldowns()).isZero();
      assertThat(alerts.count("cooldown")).isEqualTo(1);

      alerts.deploy(workflow("fix", any().cooldown(TEN).build()));
      assertThat(alerts.jobs.endCooldowns()).isEqualTo(1);
    } finally {
      sql("delete from workflow");
    }
  }

  private static void sql(String text) {
    alerts.database.jdbc().sql(text).update();
  }

  @Test
  void manyEndAtOnce() {
    alerts.receive(body(many(400, 5)));
    List<String> over = new ArrayList<>();
    List<String> again = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String id = "f%06d".formatted(i);
      over.add(resolved(id, "2026-11-21T16:00:00Z", at(-5)));
      again.add(firing(id, at(-4)));
    }
    alerts.receive(body(over));
    assertThat(alerts.outcomes(body(again))).isEqualTo(Map.of(AlertOutcome.SUPPRESSED, 400));

    alerts.at(END);
    assertThat(alerts.jobs.endCooldowns()).isEqualTo(400);
    assertThat(alerts.count("run")).isEqualTo(800);
  }

  /** Two servers and random flaps: never two runs of one alert within a cooldown; none is lost. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomFlapsOnTwoServersKeepTheCooldown(long seed) throws Exception {
    Random random = new Random(seed);
    AlertIntake other = alerts.intake(alerts.rows(alerts.database.dataSource()));
    AlertJobs otherJobs =
        alerts.jobs(new AlertUpkeepRows(alerts.database.dataSource(), alerts.ended));
    int[] minute = {-500};
    Map<String, String> began = new HashMap<>();
    for (int step = 0; step < 60; step++) {
      alerts.after(Duration.ofSeconds(30 + random.nextInt(240)));
      byte[] first = body(events(random, began, minute));
      byte[] second = random.nextBoolean() ? first : body(events(random, began, minute));
      CompletableFuture<?>[] all = {
        CompletableFuture.runAsync(() -> receive(alerts.intake, first)),
        CompletableFuture.runAsync(() -> receive(other, second)),
        CompletableFuture.runAsync(alerts.jobs::endCooldowns),
        CompletableFuture.runAsync(otherJobs::endCooldowns)
      };
      CompletableFuture.allOf(all).get(30, TimeUnit.SECONDS);
    }
    alerts.after(TEN);
    alerts.jobs.endCooldowns();

    assertThat(alerts.count("run")).isGreaterThan(6);
    assertThat(
            alerts.count(
                """
                (select r.created_at - lag(r.created_at) over (
                          partition by r.trigger -> 'alert' ->> 'fingerprint' order by r.created_at)
                        as gap
                 from run r) x where gap < interval '10 minutes'
                """))
        .as("runs of an alert within its cooldown")
        .isZero();
    assertThat(
            alerts.count(
                """
                alert_episode e where e.state = 'OPEN'
                  and not exists (select from run_episode re where re.episode = e.id)
                """))
        .as("what still fires after its cooldown has a run")
        .isZero();
    assertThat(alerts.count("(select 1 from run_episode group by episode having count(*) > 1) x"))
        .isZero();
  }

  private static List<String> events(Random random, Map<String, String> began, int[] minute) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String id = "id" + i;
      minute[0]++;
      int kind = random.nextInt(6);
      if (kind < 2 && began.containsKey(id)) {
        events.add(resolved(id, began.remove(id), at(minute[0])));
      } else if (kind < 4) {
        events.add(firing(id, began.computeIfAbsent(id, n -> at(minute[0]))));
      }
    }
    return events;
  }

  private static void receive(AlertIntake intake, byte[] body) {
    try {
      intake.receive(ProjectName.DEFAULT, "alertmanager", body);
    } catch (RejectedBody e) {
      throw new AssertionError(e);
    }
  }

  /** Fires a minute from now on, for a minute if it does not go on. */
  private static IntakeResult flap(String id, boolean goesOn) {
    String began = alerts.now().toString();
    alerts.after(Duration.ofSeconds(30));
    IntakeResult result = alerts.receive(body(firing(id, began)));
    if (!goesOn) {
      String ended = alerts.now().toString();
      alerts.receive(body(resolved(id, began, ended)));
    }
    alerts.after(Duration.ofSeconds(30));
    return result;
  }

  private static Map<String, Object> newestTrigger() {
    return Json.asObject(
        Json.parseTrusted(alerts.text("select trigger from run order by id desc limit 1")));
  }

  private static String at(int minutes) {
    Instant time = NOW.plusSeconds(60L * minutes);
    return time.toString();
  }
}
