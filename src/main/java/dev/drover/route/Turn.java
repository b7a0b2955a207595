package dev.drover.route;

import dev.drover.run.Attempted;
import dev.drover.run.Execution;
import dev.drover.run.NodeItem;
import dev.drover.run.TraceParent;
import dev.drover.workflow.Node;
import dev.drover.workflow.Scope;
import dev.drover.workflow.Step;
import java.time.Duration;
import java.util.Optional;

/**
 * One attempt at a step: of a node, of one of its items, or of an undoing.
 *
 * @param number of the attempt, counted from 1
 * @param timeout how long it may take, if the author said
 * @param scope what its expressions see
 */
record Turn(
    Execution execution,
    NodeItem item,
    int number,
    Step step,
    Optional<Duration> timeout,
    Scope scope) {
  static Turn of(Execution execution, Node node, NodeItem item, int number, Scope scope) {
    return new Turn(execution, item, number, node.step(), node.timeout(), scope);
  }

  /** Whether the attempt before this one was running when its server died. */
  boolean followsInterruption() {
    return execution.isInterrupted(item) && number == execution.attemptsBefore(item) + 1;
  }

  /** What it is an attempt at. */
  Attempted.Place place() {
    return new Attempted.Place(execution.subject(), item, number);
  }

  /** Its place in the run's trace, if that is traced. */
  Optional<TraceParent> trace() {
    return execution.subject().trace(item, number);
  }

  String idempotencyKey() {
    return item.idempotencyKey(execution.id());
  }
}
