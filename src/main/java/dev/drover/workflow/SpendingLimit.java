package dev.drover.workflow;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a workflow may spend on its agents, as its {@code budget} says, in the operator's own
 * currency. At least one of the two is there, and each is above zero.
 *
 * @param perRun by one run
 * @param perDay by all runs together on one day (UTC)
 */
public record SpendingLimit(Optional<BigDecimal> perRun, Optional<BigDecimal> perDay) {}
