package dev.drover.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an alert's identity before a delivery.
 *
 * @param openEpisode the episode that is open; null if none is
 * @param openStartsAt when that one began, by the firing that opened it
 * @param lastEndsAt when its last episode ended; null if none has
 * @param remembered the episodes that nobody saw firing, in the order in which they ended; the last
 *     few
 */
public record IdentityState(
    @Nullable UUID openEpisode,
    @Nullable Instant openStartsAt,
    @Nullable Instant lastEndsAt,
    List<RememberedEpisode> remembered) {
  /** Of an alert that was never seen. */
  public static final IdentityState UNSEEN = new IdentityState(null, null, null, List.of());

  /**
   * Enough for an alert that flaps while a server is away, and a small row for one that never
   * fires.
   */
  static final int REMEMBERED = 8;

  public IdentityState {
    remembered = List.copyOf(remembered);
  }

  /** The remembered episode to which a firing belongs. */
  Optional<RememberedEpisode> openedBy(Alert firing, Instant receivedAt) {
    return remembered.stream().filter(e -> e.isOpenedBy(firing, receivedAt)).findFirst();
  }

  /** After a change; {@code receivedAt} is when the delivery that makes it was received. */
  public IdentityState after(EpisodeChange change, Instant receivedAt) {
    if (change instanceof EpisodeChange.Opens c) {
      return new IdentityState(c.episode(), c.alert().startsAt(), lastEndsAt, remembered);
    } else if (change instanceof EpisodeChange.Closes c) {
      return new IdentityState(null, null, lastEnd(c.endedAt()), remembered);
    } else if (change instanceof EpisodeChange.Remembers c) {
      return remembering(new RememberedEpisode(c.episode(), lastEndsAt, c.endedAt(), receivedAt));
    } else if (change instanceof EpisodeChange.Revives c) {
      List<RememberedEpisode> rest =
          remembered.stream().filter(e -> !e.id().equals(c.episode())).toList();
      return new IdentityState(openEpisode, openStartsAt, lastEndsAt, rest);
    }
    return this;
  }

  private IdentityState remembering(RememberedEpisode episode) {
    List<RememberedEpisode> all = new ArrayList<>(remembered);
    all.add(episode);
    List<RememberedEpisode> last = all.subList(Math.max(0, all.size() - REMEMBERED), all.size());
    return new IdentityState(openEpisode, openStartsAt, lastEnd(episode.endsAt()), last);
  }

  private Instant lastEnd(Instant endedAt) {
    return lastEndsAt != null && lastEndsAt.isAfter(endedAt) ? lastEndsAt : endedAt;
  }
}
