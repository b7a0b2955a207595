package dev.drover.route;

import dev.drover.run.Async;
import dev.drover.run.Execution;
import dev.drover.run.Failure;
import dev.drover.run.Journal;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunEvent;
import dev.drover.run.RunLog;
import dev.drover.run.RunState;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Node;
import dev.drover.workflow.Scope;
import dev.drover.workflow.Undo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back what a run has done, if it did not succeed: the last success first, one after the
 * other. One that fails is shown and does not keep the others from being tried; what the journal
 * has as undone is not undone again.
 */
final class Undoings {
  private static final Logger LOG = LoggerFactory.getLogger(Undoings.class);

  private final Function<Undo, StepRunner> runners;
  private final Parts parts;

  Undoings(Function<Undo, StepRunner> runners, Parts parts) {
    this.runners = runners;
    this.parts = parts;
  }

  /** Undoes what is to be undone, then completes the run. */
  void completeAfter(Execution execution) {
    List<NodeItem> todo =
        execution.end().state() == RunState.SUCCEEDED ? List.of() : todo(execution);
    next(execution, todo, 0);
  }

  private static List<NodeItem> todo(Execution execution) {
    List<NodeItem> todo = new ArrayList<>();
    List<NodeItem> successes = execution.outcomes().successes();
    for (int i = successes.size() - 1; i >= 0; i--) {
      NodeItem done = successes.get(i);
      Node node = execution.deployed().workflow().node(done.node());
      boolean isUnit = done.isWhole() == node.forEach().isEmpty();
      if (node.undo().isPresent() && isUnit && execution.outcomes().of(done.undo()).isEmpty()) {
        todo.add(done);
      }
    }
    return todo;
  }

  private void next(Execution execution, List<NodeItem> todo, int index) {
    if (!execution.isLive()) {
      return;
    }
    if (index == todo.size()) {
      execution.carrier().complete(execution);
      return;
    }
    Instant begun = execution.begunBefore(todo.get(index).undo()).orElseGet(parts.clock()::instant);
    Async.whenDone(
        run(execution, todo.get(index)),
        (result, thrown) -> {
          if (thrown instanceof StepRunner.NotBegun notBegun) {
            execution.carrier().abandon(execution, notBegun.reason());
          } else {
            settle(execution, todo, index, begun, done(result, thrown));
          }
        },
        bug -> execution.carrier().fault(execution, bug));
  }

  private static StepRunner.Result.Done done(
      StepRunner.@Nullable Result result, @Nullable Throwable thrown) {
    if (result instanceof StepRunner.Result.Done done) {
      return done;
    }
    Throwable cause = thrown == null ? new IllegalStateException("no outcome") : thrown;
    return new StepRunner.Result.Done(
        new NodeOutcome.Failed(Failure.of(cause)), Optional.empty(), false);
  }

  private CompletableFuture<StepRunner.Result> run(Execution execution, NodeItem done) {
    Undo undo = execution.deployed().workflow().node(done.node()).undo().orElseThrow();
    NodeItem item = done.undo();
    try {
      Turn turn =
          new Turn(
              execution,
              item,
              execution.attemptsBefore(item) + 1,
              undo.step(),
              undo.timeout(),
              scope(execution, done));
      return runners.apply(undo).run(turn);
    } catch (ExpressionFailure e) {
      Failure failure = Failure.of(Failure.EXPRESSION, e.getMessage(), e);
      return CompletableFuture.completedFuture(
          StepRunner.Result.of(new NodeOutcome.Failed(failure)));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What the undoing sees: the item, and as the node's output what is to be undone. */
  private static Scope scope(Execution execution, NodeItem done) throws ExpressionFailure {
    Node node = execution.deployed().workflow().node(done.node());
    if (done.isWhole()
        || !(execution.outcomes().of(done).orElse(null) instanceof NodeOutcome.Succeeded s)) {
      return execution.outcomes().scope();
    }
    int index = Integer.parseInt(done.item());
    Object list = node.forEach().orElseThrow().items().evaluate(execution.outcomes().scope());
    Object item = list instanceof List<?> items && index < items.size() ? items.get(index) : null;
    return execution.outcomes().scopeWithOutput(done.node(), s.output()).withItem(item, index);
  }

  private void settle(
      Execution execution,
      List<NodeItem> todo,
      int index,
      Instant begun,
      StepRunner.Result.Done done) {
    NodeItem item = todo.get(index).undo();
    if (!execution.isLive() && !(done.outcome() instanceof NodeOutcome.Succeeded)) {
      return; // whoever takes the run up tries again
    }
    Instant now = parts.clock().instant();
    int attempts = execution.attemptsBefore(item) + 1;
    Journal.NodeSettled settled =
        new Journal.NodeSettled(
            execution.id(),
            execution.epoch(),
            item,
            done.outcome(),
            attempts,
            done.attempt(),
            false,
            Optional.of(begun),
            now);
    Async.whenDone(
        parts.journal().settle(settled),
        (written, thrown) -> {
          if (thrown != null) {
            execution.carrier().abandon(execution, thrown);
            return;
          }
          parts.tell(done.attempt());
          parts
              .listener()
              .on(new RunEvent.NodeSettled(execution.subject(), item, done.outcome(), begun, now));
          if (done.outcome() instanceof NodeOutcome.Failed failed) {
            RunLog.failed(
                    RunLog.about(LOG.atWarn(), execution, item), execution.id(), failed.failure())
                .log("What a node did could not be undone");
          }
          execution.settle(item, done.outcome());
          next(execution, todo, index + 1);
        },
        bug -> execution.carrier().fault(execution, bug));
  }
}
