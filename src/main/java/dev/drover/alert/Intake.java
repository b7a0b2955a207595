package dev.drover.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

  /** The episodes that are over by this delivery: their runs are to be told. */
  public List<UUID> over() {
    List<UUID> over = new ArrayList<>();
    for (EpisodeChange change : changes) {
      if (change instanceof EpisodeChange.Closes closes) {
        over.add(closes.episode());
      } else if (change instanceof EpisodeChange.Revives revives) {
        over.add(revives.episode());
      }
    }
    return over;
  }

  /**
   * For how long those alerts had fired that are over by this delivery. A sender that does not say
   * when they began has them begin when it says that they are over: that is no answer.
   */
  public List<Duration> fired() {
    return changes.stream()
        .filter(EpisodeChange.Closes.class::isInstance)
        .map(EpisodeChange.Closes.class::cast)
        .filter(closes -> closes.alert().startsAt().isBefore(closes.endedAt()))
        .map(closes -> Duration.between(closes.alert().startsAt(), closes.endedAt()))
        .toList();
  }

  /**
   * What is to be opened when cooldowns end, if it still fires then. An episode that is over can't,
   * and would take the place of one that can.
   */
  public List<Suppressed> pending() {
    List<UUID> over = over();
    return matches.suppressed().stream().filter(s -> !over.containsAll(s.episodes())).toList();
  }

  /** Whether the body's text is worth keeping: a repeat tells nothing that is not known. */
  public boolean keepsBody() {
    return outcomes.containsKey(AlertOutcome.NEW)
        || outcomes.containsKey(AlertOutcome.UNMATCHED)
        || outcomes.containsKey(AlertOutcome.SUPPRESSED)
        || outcomes.containsKey(AlertOutcome.UNREADABLE);
  }
}
