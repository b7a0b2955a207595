package dev.drover.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * All that one delivery changes, decided and not yet written.
 *
 * @param delivery the id under which the delivery is kept
 * @param outcomes how many alerts had which outcome; only outcomes that occurred
 * @param owner the server that will carry the runs forward; empty where any may take them
 */
public record Intake(
    UUID delivery,
    Instant receivedAt,
    List<EpisodeChange> changes,
    Map<AlertOutcome, Integer> outcomes,
    Matches matches,
    Optional<UUID> owner) {
  public Intake {
    changes = List.copyOf(changes);
    outcomes = Collections.unmodifiableMap(new EnumMap<>(outcomes));
  }

  /** Whether the body's text is worth keeping: a repeat tells nothing that is not known. */
  public boolean keepsBody() {
    return outcomes.containsKey(AlertOutcome.NEW)
        || outcomes.containsKey(AlertOutcome.UNMATCHED)
        || outcomes.containsKey(AlertOutcome.SUPPRESSED)
        || outcomes.containsKey(AlertOutcome.UNREADABLE);
  }
}
