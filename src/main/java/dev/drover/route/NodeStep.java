package dev.drover.route;

import dev.drover.run.Async;
import dev.drover.run.Decision;
import dev.drover.run.Execution;
import dev.drover.run.Failure;
import dev.drover.run.Journal;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunListener;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Node;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a node's tokens have all arrived: decide, execute, write the outcome to the
 * journal, and only then let the token go on. Whatever is thrown on the way becomes the node's
 * outcome; if the journal can't take that, the run is let go.
 */
final class NodeStep extends AsyncProcessorSupport {
  private static final Logger LOG = LoggerFactory.getLogger(NodeStep.class);

  private final Node node;
  private final StepRunner runner;
  private final Journal journal;
  private final RunListener listener;
  private final Clock clock;

  NodeStep(Node node, StepRunner runner, Journal journal, RunListener listener, Clock clock) {
    this.node = node;
    this.runner = runner;
    this.journal = journal;
    this.listener = listener;
    this.clock = clock;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Token token = Token.in(exchange);
    if (token == null || !token.execution().isLive()) {
      exchange.setRouteStop(true); // nothing downstream sees it
      callback.done(true);
      return true;
    }
    Execution execution = token.execution();
    Instant begun = clock.instant();
    Settling settling = new Settling(execution, begun, exchange, callback, new AtomicBoolean());
    Async.whenDone(
        decideAndRun(execution),
        (result, thrown) -> {
          if (thrown instanceof StepRunner.NotBegun notBegun) {
            letGo(settling, notBegun.reason());
          } else {
            settle(settling, thrown == null && result != null ? result : failed(thrown));
          }
        },
        bug -> fault(settling, bug));
    return false;
  }

  /** A node being settled, and the exchange that waits for it. */
  private record Settling(
      Execution execution,
      Instant begun,
      Exchange exchange,
      AsyncCallback callback,
      AtomicBoolean told) {
    /** Ends the message here: nothing downstream sees it. */
    void drop() {
      exchange.setRouteStop(true);
      done();
    }

    /** Once: Camel would count a second time as another message. */
    void done() {
      if (told.compareAndSet(false, true)) {
        callback.done(false);
      }
    }
  }

  private CompletableFuture<StepRunner.Result> decideAndRun(Execution execution) {
    try {
      Decision decision =
          Decision.decide(
              execution.deployed().workflow(), node, execution.outcomes(), execution.scope());
      if (decision instanceof Decision.Settle settle) {
        return CompletableFuture.completedFuture(StepRunner.Result.of(settle.outcome()));
      }
      return runner.run(execution, node);
    } catch (ExpressionFailure e) {
      Failure failure = Failure.of(Failure.EXPRESSION, e.getMessage(), e);
      return CompletableFuture.completedFuture(
          StepRunner.Result.of(new NodeOutcome.Failed(failure)));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static StepRunner.Result failed(@org.jspecify.annotations.Nullable Throwable thrown) {
    Throwable cause = thrown == null ? new IllegalStateException("no outcome") : thrown;
    return StepRunner.Result.of(new NodeOutcome.Failed(Failure.of(cause)));
  }

  private void settle(Settling settling, StepRunner.Result result) {
    Execution execution = settling.execution;
    if (!execution.isLive() && !(result.outcome() instanceof NodeOutcome.Succeeded)) {
      settling.drop(); // stopped with the server or let go: whoever takes the run up tries again
      return;
    }
    Instant now = clock.instant();
    boolean executed =
        result.outcome() instanceof NodeOutcome.Succeeded
            || result.outcome() instanceof NodeOutcome.Failed;
    int attempts =
        result
            .attempt()
            .map(Journal.AttemptEnd::number)
            .orElse(execution.attemptsBefore(node.id()) + (executed ? 1 : 0));
    Journal.NodeSettled settled =
        new Journal.NodeSettled(
            execution.id(),
            execution.epoch(),
            node.id(),
            result.outcome(),
            attempts,
            result.attempt(),
            executed ? Optional.of(settling.begun) : Optional.empty(),
            now);
    Async.whenDone(
        journal.settle(settled),
        (done, thrown) -> {
          if (thrown == null) {
            goOn(settling, result.outcome(), now);
          } else if (thrown instanceof Journal.NotStorable) {
            refused(settling, result, thrown);
          } else {
            letGo(settling, thrown);
          }
        },
        bug -> fault(settling, bug));
  }

  /** The node fails instead; if the journal refuses even that, the run can't go on. */
  private void refused(Settling settling, StepRunner.Result result, Throwable refusal) {
    if (result.outcome() instanceof NodeOutcome.Failed failed
        && failed.failure().type().equals(Failure.NOT_STORABLE)) {
      fault(settling, refusal);
    } else {
      settle(settling, notStorable(result, refusal));
    }
  }

  private static StepRunner.Result notStorable(StepRunner.Result result, Throwable thrown) {
    Failure failure = Failure.of(Failure.NOT_STORABLE, "the journal refused the output", thrown);
    return new StepRunner.Result(new NodeOutcome.Failed(failure), result.attempt());
  }

  private void goOn(Settling settling, NodeOutcome outcome, Instant now) {
    Execution execution = settling.execution;
    if (outcome instanceof NodeOutcome.Failed failed) {
      LOG.atWarn()
          .addKeyValue("run", execution.id())
          .addKeyValue("workflow", execution.deployed().id())
          .addKeyValue("node", node.id())
          .addKeyValue("type", failed.failure().type())
          .addKeyValue("reason", failed.failure().message())
          .addKeyValue("causes", failed.failure().causes())
          .log("Node failed");
    }
    execution.settle(node.id(), outcome);
    listener.nodeSettled(
        execution.deployed().id(),
        node.id(),
        outcome.state(),
        Duration.between(settling.begun, now));
    settling.done();
  }

  private static void letGo(Settling settling, Throwable cause) {
    settling.execution.carrier().abandon(settling.execution, cause);
    settling.drop();
  }

  private static void fault(Settling settling, Throwable cause) {
    settling.execution.carrier().fault(settling.execution, cause);
    settling.drop();
  }
}
