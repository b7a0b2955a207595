package dev.drover.workflow;

import dev.drover.name.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A vertex of the DAG.
 *
 * @param dependsOn in the order in which the author wrote them, without duplicates
 * @param when judged once, before the items of {@code forEach}
 * @param timeout how long one attempt may take, waiting for resources not counted; never there for
 *     approvals and waits, which have their own
 * @param continueOnError whether a failure counts as a success for the nodes behind and for the run
 * @param retry for each item by itself, if there are items
 */
public record Node(
    NodeId id,
    List<NodeId> dependsOn,
    RunIf runIf,
    Optional<Expression> when,
    Step step,
    Optional<Duration> timeout,
    boolean continueOnError,
    Optional<Retry> retry,
    Optional<ForEach> forEach,
    Optional<Undo> undo) {
  public Node {
    dependsOn = List.copyOf(dependsOn);
  }
}
