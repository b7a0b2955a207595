package dev.drover.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When an alert opens, continues or ends an episode. An episode is one continuous firing of one
 * identity; at most one is open. Pure: what is known and one alert in, a change out.
 */
public final class EpisodeRules {
  /**
   * How far a sender's clock may be ahead: an end later than that counts as the time of receipt.
   */
  public static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

  private EpisodeRules() {}

  /** The change that an alert makes; {@code ids} gives the id of a new episode. */
  public static EpisodeChange decide(
      IdentityState state, Alert alert, Instant receivedAt, Supplier<UUID> ids) {
    return switch (alert.status()) {
      case FIRING -> firing(state, alert, receivedAt, ids);
      case RESOLVED -> resolved(state, alert, receivedAt, ids);
    };
  }

  /**
   * One alert for each identity, in the body's order: a firing one wins over a resolved one, then
   * the one that began or ended last.
   */
  public static Collection<Alert> oneOfEach(List<Alert> alerts) {
    Map<String, Alert> chosen = new LinkedHashMap<>();
    alerts.forEach(
        alert -> chosen.merge(alert.identity(), alert, (a, b) -> supersedes(b, a) ? b : a));
    return chosen.values();
  }

  /** A later episode that is open does not matter to the firing of one that is over. */
  private static EpisodeChange firing(
      IdentityState state, Alert alert, Instant receivedAt, Supplier<UUID> ids) {
    UUID open = state.openEpisode();
    Instant last = state.lastEndsAt();
    RememberedEpisode unseen = state.openedBy(alert, receivedAt).orElse(null);
    if (unseen != null) {
      return new EpisodeChange.Revives(unseen.id(), alert, unseen.endsAt());
    } else if (open != null) {
      return new EpisodeChange.Repeats(open, alert);
    } else if (last != null && !alert.startsAt().isAfter(last)) {
      return new EpisodeChange.Ignores(AlertOutcome.STALE);
    }
    return new EpisodeChange.Opens(ids.get(), alert);
  }

  private static EpisodeChange resolved(
      IdentityState state, Alert alert, Instant receivedAt, Supplier<UUID> ids) {
    UUID open = state.openEpisode();
    Instant endedAt = endOf(alert, receivedAt);
    if (isRepeated(state, alert, endedAt)) {
      return new EpisodeChange.Ignores(AlertOutcome.DUPLICATE);
    } else if (open != null && !isOfEarlierEpisode(state, alert, endedAt)) {
      return new EpisodeChange.Closes(open, alert, endedAt);
    }
    return new EpisodeChange.Remembers(ids.get(), alert, endedAt);
  }

  /**
   * Whether the resolve is of an episode that is over already. That also holds while a later one is
   * open: of two Alertmanagers, one can be a whole episode behind. A resolve that does not say when
   * it ended means the open episode, if there is one.
   */
  private static boolean isRepeated(IdentityState state, Alert alert, Instant endedAt) {
    Instant last = state.lastEndsAt();
    if (last == null) {
      return false;
    }
    return alert.endsAt() == null ? state.openEpisode() == null : !endedAt.isAfter(last);
  }

  /**
   * Whether the resolve is of an episode that nobody saw, from before the open one. Closing that by
   * it would let the next repeat of its firing open a second run. Where the sender gives no {@code
   * startsAt}, its end can't be told from the past of a slow clock, and is believed.
   */
  private static boolean isOfEarlierEpisode(IdentityState state, Alert alert, Instant endedAt) {
    Instant began = state.openStartsAt();
    return began != null && endedAt.isBefore(began) && alert.startsAt().isBefore(began);
  }

  /** An end in the far future would make every later firing stale, for ever. */
  private static Instant endOf(Alert alert, Instant receivedAt) {
    Instant end = alert.endsAt();
    return end == null || end.isAfter(receivedAt.plus(CLOCK_SKEW)) ? receivedAt : end;
  }

  private static boolean supersedes(Alert later, Alert earlier) {
    if (later.status() != earlier.status()) {
      return later.status() == AlertStatus.FIRING;
    }
    return switch (later.status()) {
      case FIRING -> later.startsAt().isAfter(earlier.startsAt());
      case RESOLVED -> isAfter(later.endsAt(), earlier.endsAt());
    };
  }

  private static boolean isAfter(@Nullable Instant a, @Nullable Instant b) {
    return a != null && (b == null || a.isAfter(b));
  }
}
