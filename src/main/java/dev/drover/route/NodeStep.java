package dev.drover.route;

import dev.drover.run.Decision;
import dev.drover.run.Execution;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunLog;
import dev.drover.workflow.Node;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a node's tokens have all arrived: decide, execute, write the outcome to the
 * journal, and only then let the token go on.
 */
final class NodeStep extends AsyncProcessorSupport {
  private static final Logger LOG = LoggerFactory.getLogger(NodeStep.class);

  private final Node node;
  private final NodeItem whole;
  private final StepRunner runner;
  private final Parts parts;

  NodeStep(Node node, StepRunner runner, Parts parts) {
    this.node = node;
    this.whole = NodeItem.of(node.id());
    this.runner = runner;
    this.parts = parts;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Token token = Token.in(exchange);
    if (token == null || !token.execution().isLive()) {
      exchange.setRouteStop(true); // nothing downstream sees it
      callback.done(true);
      return true;
    }
    Message message =
        new Message(token.execution(), whole, exchange, callback, new AtomicBoolean());
    try {
      work(token.execution(), message);
    } catch (RuntimeException | Error e) {
      token.execution().carrier().fault(token.execution(), e);
      message.dropped();
    }
    return false;
  }

  private void work(Execution execution, Message message) {
    NodeWork work =
        new NodeWork(parts, runner, execution, node, whole, execution.outcomes().scope(), message);
    Optional<NodeOutcome> decided = decide(execution);
    if (decided.isPresent()) {
      work.settle(decided.get());
    } else if (node.forEach().isPresent()) {
      new EachItem(parts, runner, execution, node, work).begin();
    } else {
      work.begin();
    }
  }

  /** What settles the node without its step; empty if that is to be done, or has begun already. */
  private Optional<NodeOutcome> decide(Execution execution) {
    if (execution.hasBegun(node.id())) {
      return Optional.empty();
    }
    if (execution.stopping().isPresent()) {
      return execution.stopping().map(why -> new NodeOutcome.Cancelled(why.reason()));
    }
    Decision decision =
        Decision.decide(
            execution.deployed().workflow(),
            node,
            execution.outcomes().nodes(),
            execution.outcomes().scope());
    return decision instanceof Decision.Settle settle
        ? Optional.of(settle.outcome())
        : Optional.empty();
  }

  /** The message that waits for the node. */
  private record Message(
      Execution execution,
      NodeItem node,
      Exchange exchange,
      AsyncCallback callback,
      AtomicBoolean told)
      implements NodeWork.Ending {
    @Override
    public void settled(NodeOutcome outcome) {
      if (outcome instanceof NodeOutcome.Failed failed) {
        RunLog.failed(RunLog.about(LOG.atWarn(), execution, node), execution.id(), failed.failure())
            .log("Node failed");
      }
      execution.settle(node, outcome);
      done();
    }

    /** Ends the message here: nothing downstream sees it. */
    @Override
    public void dropped() {
      exchange.setRouteStop(true);
      done();
    }

    /** Once: Camel would count a second time as another message. */
    private void done() {
      if (told.compareAndSet(false, true)) {
        callback.done(false);
      }
    }
  }
}
