package dev.drover.workflow;

import java.time.Duration;
import java.util.Optional;

/**
 * What takes a node's success back if the run fails or is cancelled. Its expressions may read what
 * the node may, and the node itself: {@code nodes.<self>.output}. With forEach it is done for each
 * item that succeeded, sees {@code item} and {@code index}, and the item's output as the node's.
 *
 * @param step an agent or an endpoint
 * @param timeout how long it may take
 */
public record Undo(Step step, Optional<Duration> timeout) {
  /**
   * Checks the kind of step.
   *
   * @throws IllegalArgumentException if it is another kind
   */
  public Undo {
    if (!(step instanceof Step.Agent) && !(step instanceof Step.To)) {
      throw new IllegalArgumentException("nothing is undone by " + step.kind());
    }
  }
}
