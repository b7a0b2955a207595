package dev.drover.route;

import dev.drover.json.Json;
import dev.drover.run.Failure;
import dev.drover.run.NodeOutcome;
import dev.drover.run.Wait;
import dev.drover.run.Wakeup;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Step;
import dev.drover.yaml.DurationText;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Waits for some time. */
record DelayStep(Step.WaitFor step, Clock clock) implements StepRunner {
  @Override
  public CompletableFuture<Result> run(Turn turn) throws ExpressionFailure {
    Object value = step.duration().evaluate(turn.scope());
    String text = value instanceof String string ? string : Json.print(value);
    Optional<Duration> duration =
        duration(value).filter(d -> !d.isNegative() && d.compareTo(Step.WaitFor.LONGEST) <= 0);
    Result result =
        duration.isPresent()
            ? Result.waits(new Wait.Delay(clock.instant().plus(duration.get()), text))
            : Result.of(
                new NodeOutcome.Failed(
                    Failure.of(
                        Failure.EXPRESSION,
                        "not a time to wait: "
                            + text
                            + "; "
                            + DurationText.RULE
                            + ", or a number of seconds, and at most "
                            + Step.WaitFor.LONGEST.toDays()
                            + "d")));
    return CompletableFuture.completedFuture(result);
  }

  private static Optional<Duration> duration(@Nullable Object value) {
    if (value instanceof String text) {
      return DurationText.parse(text);
    } else if (value instanceof Number number && Math.abs(number.doubleValue()) < 1e9) {
      return Optional.of(Duration.ofMillis(Math.round(number.doubleValue() * 1_000)));
    }
    return Optional.empty();
  }

  @Override
  public NodeOutcome resume(Turn turn, Wait wait, Wakeup why) {
    return why instanceof Wakeup.Stopped stopped
        ? new NodeOutcome.Cancelled(stopped.why().reason())
        : new NodeOutcome.Succeeded(Map.of("waited", ((Wait.Delay) wait).text()));
  }
}
