package dev.drover.agent;

import dev.drover.yaml.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What came of registering a folder.
 *
 * @param problems why its manifest was not taken; empty if it was
 * @param availability completes when the self-test has ended; at once if the manifest was not taken
 */
public record Registration(List<Problem> problems, CompletableFuture<Availability> availability) {
  public Registration {
    problems = List.copyOf(problems);
  }

  /** Whether the folder's manifest is now in force. */
  public boolean isTaken() {
    return problems.isEmpty();
  }
}
