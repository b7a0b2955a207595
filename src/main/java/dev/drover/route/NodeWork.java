package dev.drover.route;

import dev.drover.run.Async;
import dev.drover.run.Execution;
import dev.drover.run.Failure;
import dev.drover.run.Journal;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeOutcome;
import dev.drover.run.NodeState;
import dev.drover.run.Remediation;
import dev.drover.run.Retries;
import dev.drover.run.RunEnd;
import dev.drover.run.RunEvent;
import dev.drover.run.Wait;
import dev.drover.run.Wakeup;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Node;
import dev.drover.workflow.Scope;
import dev.drover.workflow.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node, or one item of it, from its first attempt to its outcome: attempts, waits between them,
 * waits that are its purpose. Each step of that is in the journal before the next one begins.
 * Whatever is thrown on the way becomes the outcome; if the journal can't take that, the run is let
 * go.
 */
final class NodeWork {
  private final Parts parts;
  private final StepRunner runner;
  private final Execution execution;
  private final Node node;
  private final NodeItem item;
  private final Scope scope;
  private final Instant begun;
  private final Ending ending;
  private int attempt;
  private boolean waited;
  private Optional<RunEvent.WaitEnded> over = Optional.empty();

  /** What happens when the work is over. */
  interface Ending {
    /** The outcome is in the journal. */
    void settled(NodeOutcome outcome);

    /** There is none, and there will be none in this take-up of the run. */
    void dropped();
  }

  NodeWork(
      Parts parts,
      StepRunner runner,
      Execution execution,
      Node node,
      NodeItem item,
      Scope scope,
      Ending ending) {
    this.parts = parts;
    this.runner = runner;
    this.execution = execution;
    this.node = node;
    this.item = item;
    this.scope = scope;
    this.ending = ending;
    this.begun = execution.begunBefore(item).orElseGet(parts.clock()::instant);
    this.attempt = execution.attemptsBefore(item);
  }

  /** Begins the first attempt, or goes on where the journal says. */
  void begin() {
    Optional<Wait> wait = execution.waitOf(item);
    if (wait.isPresent()) {
      waited = true;
      Instant since = since(wait.get());
      execution.await(
          item, wait.get(), guarded(why -> goOn(wait.get(), since, why)), ending::dropped);
    } else if (execution.stopping().isPresent()) {
      settle(cancelled());
    } else {
      attempt();
    }
  }

  /**
   * A node that waits on purpose does so from its beginning; the ids of runs tell of their time.
   */
  private Instant since(Wait wait) {
    return wait instanceof Wait.Child child ? child.run().time().orElse(begun) : begun;
  }

  /** Writes an outcome that needs no attempt. */
  void settle(NodeOutcome outcome) {
    settle(outcome, Optional.empty());
  }

  /** There will be no outcome in this take-up of the run. */
  void drop() {
    ending.dropped();
  }

  private NodeOutcome cancelled() {
    return new NodeOutcome.Cancelled(execution.stopping().map(s -> s.reason()).orElse("stopped"));
  }

  private void attempt() {
    attempt++;
    Async.whenDone(
        run(turn()),
        (result, thrown) -> {
          if (thrown instanceof StepRunner.NotBegun notBegun) {
            letGo(notBegun.reason());
          } else if (thrown == null && result instanceof StepRunner.Result.Waits waits) {
            attempt -= waits.child().isPresent() ? 0 : 1; // to wait is no attempt
            await(waits.what(), Optional.empty(), waits.child());
          } else {
            over(
                thrown == null && result != null
                    ? (StepRunner.Result.Done) result
                    : broken(thrown));
          }
        },
        this::fault);
  }

  private Turn turn() {
    return Turn.of(execution, node, item, attempt, scope);
  }

  private CompletableFuture<StepRunner.Result> run(Turn turn) {
    try {
      return runner.run(turn);
    } catch (ExpressionFailure e) {
      Failure failure = Failure.of(Failure.EXPRESSION, e.getMessage(), e);
      return CompletableFuture.completedFuture(
          StepRunner.Result.of(new NodeOutcome.Failed(failure)));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static StepRunner.Result.Done broken(@Nullable Throwable thrown) {
    Throwable cause = thrown == null ? new IllegalStateException("no outcome") : thrown;
    return new StepRunner.Result.Done(
        new NodeOutcome.Failed(Failure.of(cause)), Optional.empty(), false);
  }

  private void over(StepRunner.Result.Done done) {
    if (done.outcome() instanceof NodeOutcome.Failed failed
        && done.repeatable()
        && execution.isLive()
        && execution.stopping().isEmpty()) {
      Optional<Duration> delay =
          Retries.delay(
              node.retry(), failed.failure(), attempt, ThreadLocalRandom.current()::nextDouble);
      if (delay.isPresent()) {
        Instant at = parts.clock().instant().plus(delay.get());
        await(new Wait.Retry(at, failed.failure()), done.attempt(), Optional.empty());
        return;
      }
    }
    settle(done.outcome(), done.attempt());
  }

  private void await(
      Wait wait, Optional<Journal.AttemptEnd> failed, Optional<dev.drover.run.RunRequest> child) {
    Journal.NodeWaiting waiting =
        new Journal.NodeWaiting(
            execution.id(),
            execution.epoch(),
            item,
            wait,
            attempt,
            failed,
            child,
            begun,
            parts.clock().instant());
    Async.whenDone(
        parts.journal().await(waiting),
        (done, thrown) -> {
          if (thrown == null) {
            waited = true;
            parts.tell(failed);
            tellWaitOver();
            parts
                .listener()
                .on(new RunEvent.Waiting(execution.subject(), item, wait, waiting.at()));
            child.ifPresent(c -> opened(c, waiting.at()));
            execution.await(
                item, wait, guarded(why -> goOn(wait, waiting.at(), why)), ending::dropped);
          } else if (thrown instanceof Journal.NotStorable) {
            settle(notStorable(thrown), failed);
          } else {
            letGo(thrown);
          }
        },
        this::fault);
  }

  private void opened(dev.drover.run.RunRequest child, Instant at) {
    parts.listener().on(RunEvent.Opened.of(child, at));
    execution.carrier().wake();
  }

  /** What was waited for is over when what came of it is durable: else it is waited for again. */
  private void tellWaitOver() {
    over.ifPresent(parts.listener()::on);
    over = Optional.empty();
  }

  private void goOn(Wait wait, Instant since, Wakeup why) {
    if (wait instanceof Wait.Retry) {
      if (why instanceof Wakeup.Stopped) {
        settle(cancelled());
      } else {
        attempt();
      }
    } else {
      over =
          Optional.of(
              new RunEvent.WaitEnded(
                  execution.subject(), item, wait, since, parts.clock().instant()));
      NodeOutcome outcome = runner.resume(turn(), wait, why);
      over(new StepRunner.Result.Done(outcome, Optional.empty(), wait instanceof Wait.Child));
    }
  }

  private Consumer<Wakeup> guarded(Consumer<Wakeup> next) {
    return why -> {
      try {
        next.accept(why);
      } catch (RuntimeException | Error e) {
        fault(e);
      }
    };
  }

  private void settle(NodeOutcome outcome, Optional<Journal.AttemptEnd> attempted) {
    if (!execution.isLive() && !(outcome instanceof NodeOutcome.Succeeded)) {
      ending.dropped(); // stopped with the server or let go: whoever takes the run up tries again
      return;
    }
    settle(outcome, attempted, end(outcome));
  }

  /** With the run's end if this is what it ends with; if that can't be stored, without. */
  private void settle(
      NodeOutcome outcome, Optional<Journal.AttemptEnd> attempted, Optional<RunEnd> end) {
    Journal.NodeSettled settled = settled(outcome, attempted);
    Optional<Journal.LastSettled> last = end.flatMap(e -> settleLast(settled, e));
    Async.whenDone(
        last.map(Journal.LastSettled::settled).orElseGet(() -> parts.journal().settle(settled)),
        (done, thrown) -> {
          if (thrown == null) {
            parts.tell(attempted);
            last.ifPresent(l -> execution.endsWith(end.orElseThrow(), l.ended()));
            tell(outcome, settled.endedAt());
          } else if (thrown instanceof Journal.NotStorable && last.isPresent()) {
            settle(outcome, attempted, Optional.empty());
          } else if (thrown instanceof Journal.NotStorable) {
            refused(outcome, attempted, thrown);
          } else {
            letGo(thrown);
          }
        },
        this::fault);
  }

  private Journal.NodeSettled settled(NodeOutcome outcome, Optional<Journal.AttemptEnd> attempted) {
    boolean executed =
        outcome instanceof NodeOutcome.Succeeded || outcome instanceof NodeOutcome.Failed;
    return new Journal.NodeSettled(
        execution.id(),
        execution.epoch(),
        item,
        outcome,
        attempted.map(Journal.AttemptEnd::number).orElse(Math.max(attempt, executed ? 1 : 0)),
        attempted,
        waited,
        executed ? Optional.of(begun) : Optional.empty(),
        parts.clock().instant());
  }

  private Optional<RunEnd> end(NodeOutcome outcome) {
    try {
      return execution.endWith(item, outcome);
    } catch (RuntimeException | Error e) {
      return Optional.empty(); // whoever completes the run comes upon it again, and says so
    }
  }

  private Optional<Journal.LastSettled> settleLast(Journal.NodeSettled settled, RunEnd end) {
    try {
      return Optional.of(parts.journal().settleLast(settled, end));
    } catch (Journal.NotStorable e) {
      return Optional.empty(); // by itself, it is known which of the two is at fault
    }
  }

  private void tell(NodeOutcome outcome, Instant now) {
    tellWaitOver();
    parts.listener().on(new RunEvent.NodeSettled(execution.subject(), item, outcome, begun, now));
    if (isRefusal(outcome)) {
      parts.listener().on(new RunEvent.BudgetRefused(execution.subject(), item, now));
    }
    if (waited && node.step() instanceof Step.WaitUntilResolved) {
      Remediation.of(execution.trigger(), outcome, execution.stopping())
          .map(result -> new RunEvent.Remediated(execution.subject(), item, result))
          .ifPresent(parts.listener()::on);
    }
    ending.settled(outcome);
  }

  /** That an item was refused is not told again of its node. */
  private boolean isRefusal(NodeOutcome outcome) {
    return outcome instanceof NodeOutcome.Failed failed
        && failed.failure().type().equals(Failure.BUDGET_EXCEEDED)
        && !(item.isWhole() && node.forEach().isPresent());
  }

  /** The node fails instead; if the journal refuses even that, the run can't go on. */
  private void refused(
      NodeOutcome outcome, Optional<Journal.AttemptEnd> attempted, Throwable refusal) {
    if (outcome.state() == NodeState.FAILED
        && ((NodeOutcome.Failed) outcome).failure().type().equals(Failure.NOT_STORABLE)) {
      fault(refusal);
    } else {
      settle(notStorable(refusal), attempted);
    }
  }

  private static NodeOutcome notStorable(Throwable refusal) {
    return new NodeOutcome.Failed(
        Failure.of(Failure.NOT_STORABLE, "the journal refused what it gave", refusal));
  }

  private void letGo(Throwable cause) {
    execution.carrier().abandon(execution, cause);
    ending.dropped();
  }

  private void fault(Throwable bug) {
    execution.carrier().fault(execution, bug);
    ending.dropped();
  }
}
