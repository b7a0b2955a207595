package dev.drover.workflow;

import dev.drover.name.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A vertex of the DAG.
 *
 * @param dependsOn in the order in which the author wrote them, without duplicates
 * @param timeout how long one execution may take, waiting for resources not counted
 * @param continueOnError whether a failure counts as a success for the nodes behind and for the run
 */
public record Node(
    NodeId id,
    List<NodeId> dependsOn,
    RunIf runIf,
    Optional<Expression> when,
    Step step,
    Optional<Duration> timeout,
    boolean continueOnError) {
  public Node {
    dependsOn = List.copyOf(dependsOn);
  }
}
