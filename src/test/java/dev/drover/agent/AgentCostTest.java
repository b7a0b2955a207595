package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AgentCostTest {
  private static final AgentCost COST =
      new AgentCost(new BigDecimal("0.002"), new BigDecimal("0.01"));

  @Test
  void anAttemptCostsItsTimeAndItself() {
    assertThat(COST.of(Duration.ofSeconds(90))).isEqualByComparingTo("0.013");
    assertThat(COST.of(Duration.ofMillis(1))).isEqualByComparingTo("0.010000033");
  }

  @Test
  void whatWasNeverStartedCostsNothing() {
    assertThat(COST.of(Duration.ZERO)).isEqualByComparingTo("0");
  }

  @Test
  void whatWasStartedCostsAnAttemptHoweverSoonItEnded() {
    assertThat(COST.of(Duration.ofNanos(1))).isEqualByComparingTo("0.01");
  }

  @Test
  void timeIsPaidInTheMillisecondsThatAreKeptOfIt() {
    Duration executed = Duration.ofNanos(12_345_678_901L);
    assertThat(AgentCost.rounded(executed)).isEqualTo(Duration.ofMillis(12_346));
    assertThat(COST.of(executed)).isEqualByComparingTo(COST.of(AgentCost.rounded(executed)));
  }

  @Test
  void tenthsAddUp() {
    AgentCost tenth = new AgentCost(BigDecimal.ZERO, new BigDecimal("0.1"));
    BigDecimal sum =
        Stream.generate(() -> tenth.of(Duration.ofSeconds(1)))
            .limit(10)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).isEqualByComparingTo("1");
  }
}
