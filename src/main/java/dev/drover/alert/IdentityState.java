package dev.drover.alert;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an alert's identity before a delivery.
 *
 * @param openEpisode the episode that is open; null if none is
 * @param openStartsAt when that one began, by the firing that opened it
 * @param lastEndsAt when its last episode ended; null if none has
 */
public record IdentityState(
    @Nullable UUID openEpisode, @Nullable Instant openStartsAt, @Nullable Instant lastEndsAt) {
  /** Of an alert that was never seen. */
  public static final IdentityState UNSEEN = new IdentityState(null, null, null);
}
