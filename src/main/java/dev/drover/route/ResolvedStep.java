package dev.drover.route;

import dev.drover.run.Failure;
import dev.drover.run.NodeOutcome;
import dev.drover.run.Wait;
import dev.drover.run.Wakeup;
import dev.drover.workflow.Step;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Waits until the alerts that the run was opened for are over: whether what was done has helped.
 * That they are not over in time is an answer, not a failure.
 */
record ResolvedStep(Step.WaitUntilResolved step, Clock clock) implements StepRunner {
  @Override
  public CompletableFuture<Result> run(Turn turn) {
    boolean alert = "alert".equals(turn.execution().trigger().get("type"));
    return CompletableFuture.completedFuture(
        alert
            ? Result.waits(new Wait.Resolved(step.timeout().map(clock.instant()::plus)))
            : Result.of(
                new NodeOutcome.Failed(
                    Failure.of(
                        "NO_ALERT", "no alert opened this run: there is none to wait for"))));
  }

  @Override
  public NodeOutcome resume(Turn turn, Wait wait, Wakeup why) {
    if (why instanceof Wakeup.Stopped stopped) {
      return new NodeOutcome.Cancelled(stopped.why().reason());
    }
    Map<String, Object> output = new LinkedHashMap<>();
    output.put("resolved", false);
    output.put("at", clock.instant().toString());
    if (why instanceof Wakeup.Told told) {
      output.putAll(told.signal().data());
    }
    return new NodeOutcome.Succeeded(output);
  }
}
