package dev.drover.run;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * What agents have used: of one attempt, or of many together.
 *
 * @param executed for how long their processes existed, in whole milliseconds
 * @param cost in the operator's own currency
 */
public record Usage(Duration executed, BigDecimal cost) {
  /** Nothing. */
  public static final Usage NONE = new Usage(Duration.ZERO, BigDecimal.ZERO);

  /** Both together. */
  public Usage plus(Usage other) {
    return new Usage(executed.plus(other.executed), cost.add(other.cost));
  }
}
