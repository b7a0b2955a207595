package dev.drover.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.run.Remediation.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whether what a run did has helped, and how long its alerts lasted. */
class RemediationTest {
  private static final Map<String, Object> ALERT =
      Map.of("type", "alert", "alert", Map.of("startsAt", "2026-01-01T00:00:00Z"));

  @Test
  void anAlertThatIsResolvedLastedUntilThen() {
    assertThat(of(ALERT, Map.of("resolved", true, "at", "2026-01-01T00:05:00.5Z")))
        .contains(new Remediation(Result.RESOLVED, Optional.of(Duration.ofMillis(300_500))));
  }

  @Test
  void aGroupLastsFromTheFirstOfItsAlerts() {
    Map<String, Object> group =
        Map.of(
            "type",
            "alert",
            "alerts",
            List.of(
                Map.of("startsAt", "2026-01-01T00:04:00Z"),
                Map.of("startsAt", "2026-01-01T00:01:00Z")));

    assertThat(of(group, Map.of("resolved", true, "at", "2026-01-01T00:05:00Z")))
        .contains(new Remediation(Result.RESOLVED, Optional.of(Duration.ofMinutes(4))));
  }

  @Test
  void anEndBeforeTheBeginningTookNoTime() {
    assertThat(of(ALERT, Map.of("resolved", true, "at", "2025-12-31T23:59:59Z")))
        .contains(new Remediation(Result.RESOLVED, Optional.of(Duration.ZERO)));
  }

  @Test
  void onesThatAreNotResolvedTookNoTimeThatIsKnown() {
    assertThat(of(ALERT, Map.of("resolved", false, "at", "2026-01-01T00:05:00Z")))
        .contains(new Remediation(Result.TIMED_OUT, Optional.empty()));
    assertThat(of(ALERT, Map.of("resolved", false, "expired", true)))
        .contains(new Remediation(Result.EXPIRED, Optional.empty()));
  }

  @Test
  void aRunThatIsEndedMeanwhileKnowsNothingOfItsAlerts() {
    NodeOutcome ended = new NodeOutcome.Cancelled("stopped");

    assertThat(Remediation.of(ALERT, ended, Optional.of(RunStop.cancelled(Map.of()))))
        .contains(new Remediation(Result.CANCELLED, Optional.empty()));
    assertThat(Remediation.of(ALERT, ended, Optional.of(RunStop.timedOut("1h"))))
        .contains(new Remediation(Result.TIMED_OUT, Optional.empty()));
    assertThat(Remediation.of(ALERT, ended, Optional.empty()))
        .contains(new Remediation(Result.CANCELLED, Optional.empty()));
  }

  @Test
  void aNodeThatFailedSaysNothing() {
    NodeOutcome failed = new NodeOutcome.Failed(Failure.of("NO_ALERT", "there is none"));

    assertThat(Remediation.of(ALERT, failed, Optional.empty())).isEmpty();
  }

  private static Optional<Remediation> of(Map<String, Object> trigger, Map<String, Object> output) {
    return Remediation.of(trigger, new NodeOutcome.Succeeded(output), Optional.empty());
  }
}
