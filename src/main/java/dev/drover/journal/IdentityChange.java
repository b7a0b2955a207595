package dev.drover.journal;

import dev.drover.alert.Alert;
import dev.drover.alert.EpisodeChange;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a change of an episode changes in the row of its identity. */
record IdentityChange(
    String identity,
    boolean closes,
    @Nullable UUID opens,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt) {
  static Optional<IdentityChange> of(EpisodeChange change) {
    if (change instanceof EpisodeChange.Opens o) {
      Alert alert = o.alert();
      return Optional.of(
          new IdentityChange(alert.identity(), false, o.episode(), alert.startsAt(), null));
    } else if (change instanceof EpisodeChange.Closes c) {
      return Optional.of(new IdentityChange(c.alert().identity(), true, null, null, c.endedAt()));
    } else if (change instanceof EpisodeChange.Remembers r) {
      return Optional.of(new IdentityChange(r.alert().identity(), false, null, null, r.endedAt()));
    }
    return Optional.empty();
  }
}
