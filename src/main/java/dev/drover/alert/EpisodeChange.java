package dev.drover.alert;

import java.time.Instant;
import java.util.UUID;

/** What one alert of a delivery changes, as {@link EpisodeRules} decided. */
public sealed interface EpisodeChange {
  /** Under what the alert is counted, before it is known whether any workflow wants it. */
  AlertOutcome outcome();

  /** It is the first that is stored of an episode's firings: workflows may want it. */
  sealed interface Fires extends EpisodeChange {
    UUID episode();

    Alert alert();

    @Override
    default AlertOutcome outcome() {
      return AlertOutcome.NEW;
    }
  }

  /** It opens an episode. */
  record Opens(UUID episode, Alert alert) implements Fires {}

  /**
   * It is the firing of an episode that is over, received before its resolve and stored after it:
   * by another server, which kept it in its spool meanwhile.
   */
  record Revives(UUID episode, Alert alert, Instant endedAt) implements Fires {}

  /** It is seen again; the episode takes its labels and annotations. */
  record Repeats(UUID episode, Alert alert) implements EpisodeChange {
    @Override
    public AlertOutcome outcome() {
      return AlertOutcome.DUPLICATE;
    }
  }

  /** It ends the open episode. */
  record Closes(UUID episode, Alert alert, Instant endedAt) implements EpisodeChange {
    @Override
    public AlertOutcome outcome() {
      return AlertOutcome.RESOLVED;
    }
  }

  /**
   * Nobody saw it fire: an episode that is over is kept, so that its firing is known as old, or as
   * the one that it lacks. A later one that is open stays open.
   */
  record Remembers(UUID episode, Alert alert, Instant endedAt) implements EpisodeChange {
    @Override
    public AlertOutcome outcome() {
      return AlertOutcome.RESOLVED_UNKNOWN;
    }
  }

  /** It changes nothing. */
  record Ignores(AlertOutcome outcome) implements EpisodeChange {}
}
