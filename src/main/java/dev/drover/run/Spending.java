package dev.drover.run;

import dev.drover.workflow.SpendingLimit;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What has been spent so far, by the attempts that are over.
 *
 * @param ofRun by the run
 * @param ofDay by all runs of its workflow on that day
 * @param day in UTC
 */
public record Spending(BigDecimal ofRun, BigDecimal ofDay, LocalDate day) {
  /** Why no further attempt may start; empty if one may. What is just reached is spent. */
  public Optional<Failure> exceeds(SpendingLimit limit) {
    Optional<BigDecimal> run = limit.perRun().filter(most -> ofRun.compareTo(most) >= 0);
    Optional<BigDecimal> today = limit.perDay().filter(most -> ofDay.compareTo(most) >= 0);
    if (run.isPresent()) {
      return failure(
          "the workflow's budget per run, %s, is spent: this run has cost %s"
              .formatted(plain(run.get()), plain(ofRun)));
    }
    return today.flatMap(
        most ->
            failure(
                "the workflow's budget per day, %s, is spent: its runs have cost %s on %s; the day ends at %sT00:00:00Z"
                    .formatted(plain(most), plain(ofDay), day, day.plusDays(1))));
  }

  private static Optional<Failure> failure(String message) {
    return Optional.of(Failure.of(Failure.BUDGET_EXCEEDED, message));
  }

  private static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
