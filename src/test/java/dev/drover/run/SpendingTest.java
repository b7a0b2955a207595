package dev.drover.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.workflow.SpendingLimit;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpendingTest {
  private static final SpendingLimit BOTH = limit("0.5", "20");

  private static SpendingLimit limit(String perRun, String perDay) {
    return new SpendingLimit(
        Optional.ofNullable(perRun).map(BigDecimal::new),
        Optional.ofNullable(perDay).map(BigDecimal::new));
  }

  private static Optional<String> obstacle(SpendingLimit limit, String ofRun, String ofDay) {
    Spending spending =
        new Spending(new BigDecimal(ofRun), new BigDecimal(ofDay), LocalDate.of(2026, 12, 31));
    Optional<Failure> failure = spending.exceeds(limit);
    failure.ifPresent(f -> assertThat(f.type()).isEqualTo("BUDGET_EXCEEDED"));
    return failure.map(Failure::message);
  }

  @Test
  void whatIsLeftMayBeSpentHoweverLittleItIs() {
    assertThat(obstacle(BOTH, "0", "0")).isEmpty();
    assertThat(obstacle(BOTH, "0.499999999", "19.999999999")).isEmpty();
  }

  @Test
  void whatIsReachedIsSpent() {
    assertThat(obstacle(BOTH, "0.500000000", "0.5"))
        .contains("the workflow's budget per run, 0.5, is spent: this run has cost 0.5");
    assertThat(obstacle(BOTH, "0.1", "20.75"))
        .contains(
            "the workflow's budget per day, 20, is spent: its runs have cost 20.75 on 2026-12-31;"
                + " the day ends at 2027-01-01T00:00:00Z");
  }

  @Test
  void whatIsNotLimitedMayCostAnything() {
    assertThat(obstacle(limit(null, "20"), "1000", "1")).isEmpty();
    assertThat(obstacle(limit("0.5", null), "0", "1000")).isEmpty();
  }

  @Test
  void figuresAreWrittenAsPeopleWriteThem() {
    assertThat(obstacle(limit("100.0", null), "1e3", "0"))
        .contains("the workflow's budget per run, 100, is spent: this run has cost 1000");
  }
}
