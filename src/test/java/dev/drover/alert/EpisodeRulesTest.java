package dev.drover.alert;

import static dev.drover.alert.AlertFixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EpisodeRulesTest {
  private static final Instant EARLY = NOW.minus(Duration.ofHours(2));
  private static final Instant MIDDLE = NOW.minus(Duration.ofHours(1));
  private static final Instant LATE = NOW.minus(Duration.ofMinutes(1));
  private static final UUID OPEN = new UUID(7, 7);
  private static final UUID FRESH = new UUID(0, 1);
  private static final IdentityState OPENED = new IdentityState(OPEN, EARLY, null);
  private static final IdentityState ENDED = new IdentityState(null, null, MIDDLE);
  private static final IdentityState OPENED_AGAIN =
      new IdentityState(OPEN, MIDDLE.plusSeconds(1), MIDDLE);

  @Test
  void firstFiringOpens() {
    Alert alert = firing(EARLY);

    assertThat(decide(IdentityState.UNSEEN, alert))
        .isEqualTo(new EpisodeChange.Opens(FRESH, alert));
  }

  @Test
  void firingWhileOpenIsDuplicate() {
    Alert alert = firing(EARLY);

    assertThat(decide(OPENED, alert)).isEqualTo(new EpisodeChange.Repeats(OPEN, alert));
    assertThat(decide(OPENED, alert).outcome()).isEqualTo(AlertOutcome.DUPLICATE);
  }

  @Test
  void firingWhileOpenIsDuplicateWhateverStartsAtSays() {
    for (Instant startsAt : List.of(EARLY, MIDDLE, LATE, NOW, NOW.plusSeconds(3600))) {
      assertThat(decide(OPENED_AGAIN, firing(startsAt))).isInstanceOf(EpisodeChange.Repeats.class);
    }
  }

  @Test
  void resolveEndsTheOpenEpisode() {
    Alert alert = resolved(LATE);

    assertThat(decide(OPENED, alert)).isEqualTo(new EpisodeChange.Closes(OPEN, alert, LATE));
  }

  @Test
  void resolveWithoutEndEndsTheOpenEpisodeAtReceipt() {
    Alert alert = resolved(null);

    assertThat(decide(OPENED_AGAIN, alert)).isEqualTo(new EpisodeChange.Closes(OPEN, alert, NOW));
  }

  @Test
  void resolveOfAnEarlierEpisodeLeavesTheOpenOneAlone() {
    assertThat(decide(OPENED_AGAIN, resolved(MIDDLE)))
        .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.DUPLICATE));
    assertThat(decide(OPENED_AGAIN, resolved(EARLY)))
        .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.DUPLICATE));
  }

  @Test
  void resolveFromBeforeTheOpenEpisodeIsOfOneThatNobodySaw() {
    IdentityState openedLate = new IdentityState(OPEN, LATE, null);
    Alert alert = resolved(MIDDLE);

    assertThat(decide(openedLate, alert))
        .isEqualTo(new EpisodeChange.Remembers(FRESH, alert, MIDDLE));
  }

  @Test
  void resolveByASlowClockThatGivesNoStartEndsTheOpenEpisode() {
    IdentityState openedOnReceipt = new IdentityState(OPEN, LATE, null);
    Alert alert = new Alert("a", AlertStatus.RESOLVED, Map.of(), Map.of(), NOW, MIDDLE, null);

    assertThat(decide(openedOnReceipt, alert))
        .isEqualTo(new EpisodeChange.Closes(OPEN, alert, MIDDLE));
  }

  @Test
  void resolveOfAnUnseenAlertIsRemembered() {
    Alert alert = resolved(LATE);

    assertThat(decide(IdentityState.UNSEEN, alert))
        .isEqualTo(new EpisodeChange.Remembers(FRESH, alert, LATE));
    assertThat(decide(IdentityState.UNSEEN, alert).outcome())
        .isEqualTo(AlertOutcome.RESOLVED_UNKNOWN);
  }

  @Test
  void repeatedResolveIsDuplicate() {
    assertThat(decide(ENDED, resolved(MIDDLE)))
        .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.DUPLICATE));
    assertThat(decide(ENDED, resolved(EARLY)))
        .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.DUPLICATE));
    assertThat(decide(ENDED, resolved(null)))
        .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.DUPLICATE));
  }

  @Test
  void laterResolveOfAnEndedEpisodeIsOfOneThatNobodySaw() {
    Alert alert = resolved(LATE);

    assertThat(decide(ENDED, alert)).isEqualTo(new EpisodeChange.Remembers(FRESH, alert, LATE));
  }

  @Test
  void firingFromBeforeTheLastEndIsStale() {
    assertThat(decide(ENDED, firing(EARLY)))
        .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.STALE));
    assertThat(decide(ENDED, firing(MIDDLE)))
        .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.STALE));
  }

  @Test
  void firingFromAfterTheLastEndOpens() {
    Alert alert = firing(MIDDLE.plusNanos(1000));

    assertThat(decide(ENDED, alert)).isEqualTo(new EpisodeChange.Opens(FRESH, alert));
  }

  @Test
  void anEndInTheFarFutureCountsAsReceipt() {
    Alert alert = resolved(NOW.plus(EpisodeRules.CLOCK_SKEW).plusSeconds(1));

    assertThat(decide(OPENED, alert)).isEqualTo(new EpisodeChange.Closes(OPEN, alert, NOW));
  }

  @Test
  void anEndBySlightlyFastClockIsTaken() {
    Alert alert = resolved(NOW.plus(EpisodeRules.CLOCK_SKEW));

    assertThat(decide(OPENED, alert))
        .isEqualTo(new EpisodeChange.Closes(OPEN, alert, alert.endsAt()));
  }

  @Test
  void firingWinsOverResolvedInOneBody() {
    Alert firing = firing(EARLY);

    assertThat(EpisodeRules.oneOfEach(List.of(resolved(LATE), firing))).containsExactly(firing);
    assertThat(EpisodeRules.oneOfEach(List.of(firing, resolved(LATE)))).containsExactly(firing);
  }

  @Test
  void theLatestOfEqualStatusWinsInOneBody() {
    assertThat(EpisodeRules.oneOfEach(List.of(firing(EARLY), firing(LATE), firing(MIDDLE))))
        .containsExactly(firing(LATE));
    assertThat(EpisodeRules.oneOfEach(List.of(resolved(null), resolved(LATE), resolved(MIDDLE))))
        .containsExactly(resolved(LATE));
  }

  private static EpisodeChange decide(IdentityState state, Alert alert) {
    return EpisodeRules.decide(state, alert, NOW, () -> FRESH);
  }

  private static Alert firing(Instant startsAt) {
    return new Alert("a", AlertStatus.FIRING, Map.of(), Map.of(), startsAt, null, null);
  }

  private static Alert resolved(Instant endsAt) {
    return new Alert("a", AlertStatus.RESOLVED, Map.of(), Map.of(), EARLY, endsAt, null);
  }
}
