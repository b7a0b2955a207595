package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AttemptTest {

  @Test
  void nothingGivenIsFine() {
    Attempt attempt = Attempt.from(Map.of("DROVER_RUN", " "));

    assertThat(attempt.run()).isEmpty();
    assertThat(attempt.origin()).isEmpty();
  }

  @Test
  void keyIsMadeFitForAHeader() {
    Attempt attempt = Attempt.from(Map.of("DROVER_IDEMPOTENCY_KEY", "r/n/a b\r\nX: ü%"));

    assertThat(attempt.idempotencyKey()).contains("r/n/a%20b%0D%0AX:%20%C3%BC%25");
  }

  @Test
  void traceparentIsForwardedOnlyWhenItIsOne() {
    assertThat(Attempt.from(Map.of("TRACEPARENT", Samples.TRACEPARENT)).traceparent())
        .contains(Samples.TRACEPARENT);
    assertThat(Attempt.from(Map.of("TRACEPARENT", Samples.TRACEPARENT + "\r\nX: y")).traceparent())
        .isEmpty();
  }
}
