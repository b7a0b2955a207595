package dev.drover.route;

import dev.drover.run.Execution;
import dev.drover.run.NodeOutcome;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Node;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Does what a node's step says. */
interface StepRunner {
  /**
   * Executes the step without holding a thread while it waits. The future fails with {@link
   * NotBegun} if the journal could not take the beginning, else with whatever went wrong.
   *
   * @throws ExpressionFailure if the step's data can't be computed
   */
  CompletableFuture<Result> run(Execution execution, Node node) throws ExpressionFailure;

  /** The journal could not be written, and nothing was begun: the run must be let go. */
  final class NotBegun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Throwable reason;

    NotBegun(Throwable reason) {
      super(reason.getMessage(), reason);
      this.reason = reason;
    }

    Throwable reason() {
      return reason;
    }
  }

  /**
   * How it went.
   *
   * @param attempt the attempt that was journalled when it started, if one was
   */
  record Result(NodeOutcome outcome, Optional<dev.drover.run.Journal.AttemptEnd> attempt) {
    static Result of(NodeOutcome outcome) {
      return new Result(outcome, Optional.empty());
    }
  }
}
