package dev.drover.route;

import dev.drover.json.Json;
import dev.drover.run.Failure;
import dev.drover.run.NodeOutcome;
import dev.drover.run.Signal;
import dev.drover.run.Wait;
import dev.drover.run.Wakeup;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Step;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Waits for a person's yes or no. A no fails the node, so that nothing is done behind it. */
record ApprovalStep(Step.Approval step, Clock clock) implements StepRunner {
  private static final String REJECTED = "REJECTED";

  @Override
  public CompletableFuture<Result> run(Turn turn) throws ExpressionFailure {
    Object message = step.message().evaluate(turn.scope());
    String text = message instanceof String string ? string : Json.print(message);
    return CompletableFuture.completedFuture(
        Result.waits(new Wait.Approval(text, step.timeout().map(clock.instant()::plus))));
  }

  @Override
  public NodeOutcome resume(Turn turn, Wait wait, Wakeup why) {
    if (why instanceof Wakeup.Stopped stopped) {
      return new NodeOutcome.Cancelled(stopped.why().reason());
    } else if (why instanceof Wakeup.Told told) {
      return decided(told.signal());
    } else if (step.onTimeout() == Step.OnTimeout.APPROVE) {
      Map<String, Object> output = new LinkedHashMap<>();
      output.put("approved", true);
      output.put("by", null);
      output.put("comment", "nobody decided in time (onTimeout: approve)");
      output.put("at", clock.instant().toString());
      return new NodeOutcome.Succeeded(output);
    }
    return new NodeOutcome.Failed(
        Failure.of(REJECTED, "nobody decided in time (onTimeout: reject)"));
  }

  private static NodeOutcome decided(Signal signal) {
    Map<String, Object> data = signal.data();
    if (signal.kind() == Signal.Kind.APPROVED) {
      Map<String, Object> output = new LinkedHashMap<>();
      output.put("approved", true);
      output.put("by", data.get("by"));
      output.put("comment", data.get("comment"));
      output.put("at", data.get("at"));
      return new NodeOutcome.Succeeded(output);
    }
    Object comment = data.get("comment");
    String said = comment instanceof String text && !text.isBlank() ? ": " + text : "";
    return new NodeOutcome.Failed(
        Failure.of(REJECTED, "rejected by " + data.getOrDefault("by", "somebody") + said));
  }
}
