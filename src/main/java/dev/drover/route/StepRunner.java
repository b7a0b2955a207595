package dev.drover.route;

import dev.drover.run.Journal.AttemptEnd;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunRequest;
import dev.drover.run.Wait;
import dev.drover.run.Wakeup;
import dev.drover.workflow.ExpressionFailure;
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
  CompletableFuture<Result> run(Turn turn) throws ExpressionFailure;

  /** Goes on when what {@link #run} wanted to wait for is over. */
  default NodeOutcome resume(Turn turn, Wait wait, Wakeup why) {
    throw new IllegalStateException(turn.item() + " waits for nothing that its step knows");
  }

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

  /** How it went. */
  sealed interface Result {
    /**
     * It is over.
     *
     * @param attempt the attempt that was journalled when it started, if one was
     * @param repeatable whether another attempt is allowed if this one failed
     */
    record Done(NodeOutcome outcome, Optional<AttemptEnd> attempt, boolean repeatable)
        implements Result {}

    /**
     * It must wait.
     *
     * @param child the run to open for that
     */
    record Waits(Wait what, Optional<RunRequest> child) implements Result {}

    static Result of(NodeOutcome outcome) {
      return new Done(outcome, Optional.empty(), false);
    }

    static Result waits(Wait wait) {
      return new Waits(wait, Optional.empty());
    }
  }
}
