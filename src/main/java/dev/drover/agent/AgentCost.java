package dev.drover.agent;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * What running an agent costs, in the operator's own currency: for the time that its process
 * exists, and for each attempt.
 */
public record AgentCost(BigDecimal perMinute, BigDecimal perAttempt) {
  /** What a manifest that says nothing means. */
  public static final AgentCost NONE = new AgentCost(BigDecimal.ZERO, BigDecimal.ZERO);

  private static final BigDecimal MILLIS = BigDecimal.valueOf(60_000);
  private static final int DECIMALS = 9;

  /** Whether every attempt costs nothing. */
  public boolean isNone() {
    return perMinute.signum() == 0 && perAttempt.signum() == 0;
  }

  /**
   * What an attempt costs, to the billionth: by whole milliseconds, which is what is kept of its
   * time.
   *
   * @param executed zero: no process was started, and there is nothing to pay
   */
  public BigDecimal of(Duration executed) {
    if (executed.isZero()) {
      return BigDecimal.ZERO;
    }
    BigDecimal millis = BigDecimal.valueOf(rounded(executed).toMillis());
    return perMinute
        .multiply(millis)
        .divide(MILLIS, DECIMALS, RoundingMode.HALF_UP)
        .add(perAttempt);
  }

  /** To the millisecond. */
  public static Duration rounded(Duration executed) {
    return Duration.ofMillis(executed.plusNanos(500_000).toMillis());
  }
}
