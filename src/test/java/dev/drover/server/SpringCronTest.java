package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpringCronTest {
  private final SpringCron crons = new SpringCron();

  @ParameterizedTest
  @ValueSource(strings = {"0 0 3 * * *", "*/10 * * * * MON-FRI", "0 0 0 L * *", "@daily"})
  void goodExpressionsHaveNoProblem(String cron) {
    assertThat(crons.problem(cron)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0 3 * * *", "0 0 25 * * *", "x", "0 0 0 32 * *", "* * * * * * *"})
  void badExpressionsAreExplained(String cron) {
    assertThat(crons.problem(cron)).isPresent();
  }

  @Test
  void timesThatNeverComeAreAProblem() {
    assertThat(crons.problem("0 0 0 31 2 *")).contains("there is no such time");
  }
}
