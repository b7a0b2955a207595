package dev.drover.journal;

import static dev.drover.alert.AlertFixtures.anyAlert;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.many;
import static dev.drover.alert.AlertFixtures.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.alert.AlertOutcome;
import dev.drover.alert.IntakeResult;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Bodies of the sizes that real Alertmanagers send; limits are loose, for slow machines. */
class AlertLoadIT {
  @RegisterExtension
  static final IntakeFixture alerts = new IntakeFixture(workflow("fix", anyAlert()));

  @Test
  void aThousandAlertsInOneBodyAreTakenWithinASecond() {
    byte[] body = body(many(1_000, 150));
    timed("warm-up", () -> alerts.receive("warm-up", body));

    Timed first = timed("1,000 new alerts", () -> alerts.receive(body));
    Timed again = timed("1,000 repeated alerts", () -> alerts.receive(body));

    assertThat(first.result.outcomes()).isEqualTo(Map.of(AlertOutcome.NEW, 1_000));
    assertThat(first.result.runs()).hasSize(1_000);
    assertThat(again.result.outcomes()).isEqualTo(Map.of(AlertOutcome.DUPLICATE, 1_000));
    assertThat(first.took).isLessThan(Duration.ofSeconds(1));
    assertThat(again.took).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void aBodyOfElevenMegabytesIsTaken() {
    byte[] body = body(many(1_000, 10_500));
    assertThat(body).hasSizeGreaterThan(10_700_000);

    Timed first = timed("1,000 alerts, " + body.length + " bytes", () -> alerts.receive(body));
    Timed again = timed("the same again", () -> alerts.receive(body));

    assertThat(first.result.runs()).hasSize(1_000);
    assertThat(first.took).isLessThan(Duration.ofSeconds(8));
    assertThat(again.result.runs()).isEmpty();
  }

  /** After some executions PostgreSQL plans without the arrays' sizes: still no scans. */
  @Test
  void preparedStatementsStayFast() {
    byte[] body = body(many(1_000, 150));

    for (int i = 0; i < 12; i++) {
      String source = "source-" + i;
      assertThat(timed("1,000 alerts of " + source, () -> alerts.receive(source, body)).took)
          .isLessThan(Duration.ofSeconds(1));
    }
    assertThat(alerts.count("run")).isEqualTo(12_000);
  }

  private static Timed timed(String what, Supplier<IntakeResult> work) {
    long start = System.nanoTime();
    IntakeResult result = work.get();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    LoggerFactory.getLogger(AlertLoadIT.class)
        .atInfo()
        .addKeyValue("body", what)
        .addKeyValue("ms", took.toMillis())
        .log("Received");
    return new Timed(result, took);
  }

  private record Timed(IntakeResult result, Duration took) {}
}
