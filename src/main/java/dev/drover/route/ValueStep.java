package dev.drover.route;

import dev.drover.run.NodeOutcome;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Step;
import java.util.concurrent.CompletableFuture;

/** Computes a node's output from an expression. */
final class ValueStep implements StepRunner {
  private final Step.Value step;

  ValueStep(Step.Value step) {
    this.step = step;
  }

  @Override
  public CompletableFuture<Result> run(Turn turn) throws ExpressionFailure {
    Object value = step.value().evaluate(turn.scope());
    return CompletableFuture.completedFuture(Result.of(new NodeOutcome.Succeeded(value)));
  }
}
