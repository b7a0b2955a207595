package dev.drover.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private static Optional<Duration> unasked(String type, int attempt) {
    return Retries.delay(Optional.empty(), Failure.of(type, "m"), attempt, () -> 0.5);
  }

  @Test
  void whatPassesIsTriedAgainUnaskedAndNothingElse() {
    for (String type : new String[] {"TEMPORARY", "ENGINE_LOST"}) {
      assertThat(unasked(type, 1)).contains(Duration.ofSeconds(1));
      assertThat(unasked(type, 2)).contains(Duration.ofSeconds(2));
      assertThat(unasked(type, 3)).isEmpty();
    }
    assertThat(unasked("EXIT_CODE", 1)).isEmpty();
    assertThat(unasked("INTERRUPTED", 1)).isEmpty();
  }
}
