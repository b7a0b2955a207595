package dev.drover.journal;

import dev.drover.alert.Alert;
import dev.drover.alert.EpisodeChange;
import dev.drover.alert.IdentityState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The row of an identity after an episode of it has changed. */
record IdentityChange(String identity, IdentityState after) {
  /** The rows that do not stay as they are. */
  static List<IdentityChange> all(List<EpisodeChange> changes, Map<String, IdentityState> known) {
    List<IdentityChange> rows = new ArrayList<>();
    for (EpisodeChange change : changes) {
      if (change instanceof EpisodeChange.Opens c) {
        Instant last = before(c.alert(), known).lastEndsAt();
        rows.add(of(c.alert(), new IdentityState(c.episode(), c.alert().startsAt(), last)));
      } else if (change instanceof EpisodeChange.Closes c) {
        Instant last = later(before(c.alert(), known).lastEndsAt(), c.endedAt());
        rows.add(of(c.alert(), new IdentityState(null, null, last)));
      } else if (change instanceof EpisodeChange.Remembers c) {
        IdentityState before = before(c.alert(), known);
        Instant last = later(before.lastEndsAt(), c.endedAt());
        rows.add(
            of(c.alert(), new IdentityState(before.openEpisode(), before.openStartsAt(), last)));
      }
    }
    return rows;
  }

  private static IdentityState before(Alert alert, Map<String, IdentityState> known) {
    return known.getOrDefault(alert.identity(), IdentityState.UNSEEN);
  }

  private static IdentityChange of(Alert alert, IdentityState after) {
    return new IdentityChange(alert.identity(), after);
  }

  private static Instant later(@Nullable Instant a, Instant b) {
    return a != null && a.isAfter(b) ? a : b;
  }
}
