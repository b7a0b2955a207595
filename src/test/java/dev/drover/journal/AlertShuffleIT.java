package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.NOW;
import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.firing;
import static dev.drover.alert.AlertFixtures.perGroup;
import static dev.drover.alert.AlertFixtures.resolved;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.alert.AlertOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any order of events, each any number of times: never two runs for one firing of an alert. */
class AlertShuffleIT {
  private static final int IDENTITIES = 6;
  private static final int FIRINGS = 4;

  @RegisterExtension static final IntakeFixture alerts = new IntakeFixture();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void shuffledAndRepeatedEventsOpenAtMostOneRunForEachFiring(long seed) {
    Random random = new Random(seed);
    alerts.reset();
    alerts.deploy(workflow("fix", anyAlert()), workflow("tell", perGroup("alertname", "Load")));

    List<String> events = events(random);
    for (int from = 0; from < events.size(); ) {
      int to = Math.min(events.size(), from + 1 + random.nextInt(5));
      List<String> part = events.subList(from, to);
      int counted = alerts.outcomes(body(part)).values().stream().mapToInt(Integer::intValue).sum();
      assertThat(counted).isEqualTo(part.size());
      assertInvariants();
      from = to;
    }
    finish();
  }

  /** In every order, the last resolve leaves nothing open, and what fires then is new. */
  private void finish() {
    for (int i = 0; i < IDENTITIES; i++) {
      alerts.receive(body(resolved("id" + i, time(100), time(101))));
      assertThat(alerts.outcomes(body(firing("id" + i, time(102))))).containsKey(AlertOutcome.NEW);
    }
    assertThat(alerts.count("alert_episode where state = 'OPEN'")).isEqualTo(IDENTITIES);
  }

  private void assertInvariants() {
    assertThat(
            alerts.count(
                "(select 1 from alert_episode where state = 'OPEN' group by identity having count(*) > 1)"
                    + " x"))
        .isZero();
    assertThat(
            alerts.count(
                """
                alert_identity i full join (select * from alert_episode where state = 'OPEN') e
                  on e.id = i.open_episode
                where i.open_episode is distinct from e.id
                """))
        .as("identities and episodes agree on what is open")
        .isZero();
    assertThat(
            alerts.count(
                """
                (select 1 from run where workflow = 'fix'
                 group by trigger -> 'alert' ->> 'fingerprint', trigger -> 'alert' ->> 'startsAt'
                 having count(*) > 1) x
                """))
        .as("no firing has two runs")
        .isZero();
  }

  private static List<String> events(Random random) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < IDENTITIES; i++) {
      for (int k = 0; k < FIRINGS; k++) {
        String began = time(10 * k);
        String ended = time(10 * k + 5);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
          events.add(firing("id" + i, began));
        }
        for (int n = random.nextInt(3); n > 0; n--) {
          events.add(resolved("id" + i, began, ended));
        }
      }
    }
    Collections.shuffle(events, random);
    return events;
  }

  private static String time(int minutes) {
    Instant base = NOW.minusSeconds(7200);
    return base.plusSeconds(60L * minutes).toString();
  }
}
