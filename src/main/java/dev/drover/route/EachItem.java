package dev.drover.route;

import dev.drover.json.Json;
import dev.drover.run.Execution;
import dev.drover.run.Failure;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeOutcome;
import dev.drover.run.RunStop;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.ForEach;
import dev.drover.workflow.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node that works once for each item of a list, a few at a time. Each item has its own attempts,
 * waits and outcome in the journal; items that are settled there are not done again. After the
 * first failure no further item is begun.
 */
final class EachItem {
  private final Parts parts;
  private final StepRunner runner;
  private final Execution execution;
  private final Node node;
  private final NodeWork whole;
  private List<?> items = List.of();
  private int next;
  private int open;
  private boolean done;
  private @Nullable NodeOutcome obstacle;

  /**
   * @param whole writes the outcome of the node itself
   */
  EachItem(Parts parts, StepRunner runner, Execution execution, Node node, NodeWork whole) {
    this.parts = parts;
    this.runner = runner;
    this.execution = execution;
    this.node = node;
    this.whole = whole;
  }

  void begin() {
    ForEach each = node.forEach().orElseThrow();
    try {
      Object list = each.items().evaluate(execution.outcomes().scope());
      if (!(list instanceof List<?> some)) {
        whole.settle(failed("forEach needs a list, not a value of type " + Json.typeOf(list)));
        return;
      }
      if (some.size() > ForEach.MAX_ITEMS) {
        whole.settle(failed(ForEach.tooMany(some.size())));
        return;
      }
      items = some;
    } catch (ExpressionFailure e) {
      whole.settle(new NodeOutcome.Failed(Failure.of(Failure.EXPRESSION, e.getMessage(), e)));
      return;
    }
    more(each.maxParallel());
    execution.leave(); // the items count for themselves; the node is busy again when all are done
  }

  private static NodeOutcome failed(String message) {
    return new NodeOutcome.Failed(Failure.of(Failure.EXPRESSION, message));
  }

  /** Begins as many items as there is room for, those first that the journal knows. */
  private void more(int parallel) {
    for (int index = take(parallel); index >= 0; index = take(parallel)) {
      item(index).begin();
    }
    boolean all;
    synchronized (this) {
      all = !done && open == 0;
      done |= all;
    }
    if (all) {
      execution.enter();
      whole.settle(result());
    }
  }

  /** The index of an item to begin now; -1 if there is none. */
  private synchronized int take(int parallel) {
    while (next < items.size() && open < parallel) {
      int index = next++;
      NodeItem item = NodeItem.of(node.id(), index);
      Optional<NodeOutcome> known = execution.outcomes().of(item);
      known.ifPresent(this::note);
      boolean mayBegin = obstacle == null && execution.stopping().isEmpty();
      if (known.isEmpty() && (mayBegin || execution.waitOf(item).isPresent())) {
        open++;
        execution.enter();
        return index;
      }
    }
    return -1;
  }

  private NodeWork item(int index) {
    NodeItem item = NodeItem.of(node.id(), index);
    return new NodeWork(
        parts,
        runner,
        execution,
        node,
        item,
        execution.outcomes().scope().withItem(items.get(index), index),
        new NodeWork.Ending() {
          @Override
          public void settled(NodeOutcome outcome) {
            over(item, outcome);
          }

          @Override
          public void dropped() {
            whole.drop();
          }
        });
  }

  private void over(NodeItem item, NodeOutcome outcome) {
    execution.enter(); // the run must not look idle between this item and the next
    execution.settle(item, outcome);
    synchronized (this) { // only what can be found counts as done
      note(outcome);
      open--;
    }
    more(node.forEach().orElseThrow().maxParallel());
    execution.leave();
  }

  private void note(NodeOutcome outcome) {
    if (obstacle == null && !(outcome instanceof NodeOutcome.Succeeded)) {
      obstacle = outcome;
    }
  }

  private NodeOutcome result() {
    NodeOutcome first = obstacle;
    if (first instanceof NodeOutcome.Failed failed) {
      Failure failure = failed.failure();
      String message = "an item failed: " + failure.message();
      return new NodeOutcome.Failed(new Failure(failure.type(), message, failure.causes()));
    }
    Optional<RunStop> stop = execution.stopping();
    if (first != null) {
      return new NodeOutcome.Cancelled(stop.map(RunStop::reason).orElse("an item was cancelled"));
    }
    List<@Nullable Object> outputs = new ArrayList<>();
    for (int index = 0; index < items.size(); index++) {
      NodeOutcome outcome = execution.outcomes().of(NodeItem.of(node.id(), index)).orElse(null);
      if (!(outcome instanceof NodeOutcome.Succeeded succeeded)) {
        return new NodeOutcome.Cancelled("not all of its items were done");
      }
      outputs.add(succeeded.output());
    }
    return new NodeOutcome.Succeeded(outputs);
  }
}
