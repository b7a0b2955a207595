package dev.drover.run;

import dev.drover.workflow.Retry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;

/** Whether and when a failed attempt is followed by another. Pure. */
public final class Retries {
  /** The type of failure by which an agent asks to be tried again: its exit code 75. */
  public static final String TEMPORARY = "TEMPORARY";

  /** The type of failure that says nothing of the agent: the engine that ran it is gone. */
  public static final String ENGINE_LOST = "ENGINE_LOST";

  private static final Retry UNASKED =
      new Retry(
          3,
          Duration.ofSeconds(1),
          2,
          Duration.ofMinutes(1),
          0.2,
          Set.of(Retry.On.ERROR, Retry.On.TIMEOUT));

  private Retries() {}

  /**
   * How long to wait for the next attempt; empty if there is none.
   *
   * @param attempt the number of the one that failed, counted from 1
   * @param random gives numbers from 0 to 1
   */
  public static Optional<Duration> delay(
      Optional<Retry> asked, Failure failure, int attempt, DoubleSupplier random) {
    boolean temporary = failure.type().equals(TEMPORARY) || failure.type().equals(ENGINE_LOST);
    Optional<Retry> policy = asked.or(() -> temporary ? Optional.of(UNASKED) : Optional.empty());
    if (policy.isEmpty() || attempt >= policy.get().attempts()) {
      return Optional.empty();
    }
    Retry retry = policy.get();
    Retry.On kind = failure.type().equals(Failure.TIMEOUT) ? Retry.On.TIMEOUT : Retry.On.ERROR;
    if (!temporary && !retry.on().contains(kind)) {
      return Optional.empty();
    }
    double grown = (double) retry.delay().toMillis() * Math.pow(retry.factor(), attempt - 1.0);
    double bounded = Math.min(grown, (double) retry.maxDelay().toMillis());
    double spread = 1 + retry.jitter() * (2 * random.getAsDouble() - 1);
    return Optional.of(Duration.ofMillis(Math.round(bounded * spread)));
  }
}
