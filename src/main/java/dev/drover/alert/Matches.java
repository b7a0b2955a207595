package dev.drover.alert;

import dev.drover.run.RunRequest;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What the workflows make of a delivery.
 *
 * @param matched the episodes for which at least one run is asked for
 */
public record Matches(List<RunRequest> runs, Set<UUID> matched, List<Refused> refused) {
  public Matches {
    runs = List.copyOf(runs);
    matched = Set.copyOf(matched);
    refused = List.copyOf(refused);
  }
}
