package dev.drover.run;

import dev.drover.run.Journal.WorkflowKey;
import java.time.Instant;
import java.util.Optional;

/**
 * An attempt of an agent that is over.
 *
 * @param place what it was an attempt at; absent: a route called the agent
 * @param state SUCCEEDED, FAILED or CANCELLED
 * @param failure why, if it failed
 */
public record Attempted(
    Optional<Place> place,
    String agent,
    String runtime,
    NodeState state,
    Optional<Failure> failure,
    Usage usage,
    Times times) {

  /**
   * What an attempt was at.
   *
   * @param number of the attempt, counted from 1
   */
  public record Place(RunEvent.Subject run, NodeItem node, int number) {}

  /** When it was handed to its runtime, and when its result was there. */
  public record Times(Instant startedAt, Instant endedAt) {}

  /** Whose run it was of. */
  public Optional<WorkflowKey> workflow() {
    return place.map(p -> p.run().workflow());
  }
}
