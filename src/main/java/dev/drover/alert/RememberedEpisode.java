package dev.drover.alert;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An episode of which only the resolve was seen so far. Its firing may still wait in the spool of
 * another server, which had accepted it before.
 *
 * @param after when the last episode before it had ended; null if none was known
 * @param resolvedAt when its resolve was received
 */
public record RememberedEpisode(
    UUID id, @Nullable Instant after, Instant endsAt, Instant resolvedAt) {
  /**
   * Whether a firing would have opened it, had it been stored when it was received: before the
   * resolve. What was received later is an old snapshot that somebody repeats.
   */
  boolean isOpenedBy(Alert firing, Instant receivedAt) {
    Instant began = firing.startsAt();
    return receivedAt.isBefore(resolvedAt)
        && !began.isAfter(endsAt)
        && (after == null || began.isAfter(after));
  }
}
