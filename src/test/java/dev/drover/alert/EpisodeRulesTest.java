package dev.drover.alert;

import static dev.drover.alert.AlertFixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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
  private static final UUID UNSEEN = new UUID(8, 8);
  private static final IdentityState OPENED = new IdentityState(OPEN, EARLY, null, List.of());
  private static final IdentityState ENDED = new IdentityState(null, null, MIDDLE, List.of());
  private static final IdentityState OPENED_AGAIN =
      new IdentityState(OPEN, MIDDLE.plusSeconds(1), MIDDLE, List.of());

  /** An episode is over that nobody saw firing; its resolve was received a minute ago. */
  private static final IdentityState REMEMBERING =
      new IdentityState(
          null, null, LATE, List.of(new RememberedEpisode(UNSEEN, MIDDLE, LATE, LATE)));

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
    IdentityState openedLate = new IdentityState(OPEN, LATE, null, List.of());
    Alert alert = resolved(MIDDLE);

    assertThat(decide(openedLate, alert))
        .isEqualTo(new EpisodeChange.Remembers(FRESH, alert, MIDDLE));
  }

  @Test
  void resolveByASlowClockThatGivesNoStartEndsTheOpenEpisode() {
    IdentityState openedOnReceipt = new IdentityState(OPEN, LATE, null, List.of());
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
  void firingReceivedBeforeTheResolveThatWasStoredFirstIsThatEpisodes() {
    for (Instant startsAt : List.of(MIDDLE.plusNanos(1000), LATE)) {
      Alert alert = firing(startsAt);

      assertThat(decide(REMEMBERING, alert, LATE.minusNanos(1000)))
          .isEqualTo(new EpisodeChange.Revives(UNSEEN, alert, LATE));
    }
    assertThat(decide(REMEMBERING, firing(LATE), MIDDLE).outcome()).isEqualTo(AlertOutcome.NEW);
  }

  @Test
  void firingReceivedAfterThatResolveIsStale() {
    for (Instant receivedAt : List.of(LATE, NOW)) {
      assertThat(decide(REMEMBERING, firing(LATE), receivedAt))
          .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.STALE));
    }
  }

  @Test
  void firingFromBeforeTheEpisodeThatNobodySawIsStale() {
    assertThat(decide(REMEMBERING, firing(MIDDLE), MIDDLE))
        .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.STALE));
  }

  @Test
  void firingFromAfterTheEpisodeThatNobodySawOpens() {
    Alert alert = firing(LATE.plusNanos(1000));

    assertThat(decide(REMEMBERING, alert, MIDDLE)).isEqualTo(new EpisodeChange.Opens(FRESH, alert));
  }

  @Test
  void anEpisodeThatIsOpenNowDoesNotTakeTheFiringOfOneThatIsOver() {
    Alert later = firing(NOW);
    IdentityState open = REMEMBERING.after(new EpisodeChange.Opens(OPEN, later), NOW);
    Alert alert = firing(LATE);

    assertThat(decide(open, alert, MIDDLE))
        .isEqualTo(new EpisodeChange.Revives(UNSEEN, alert, LATE));
    assertThat(open.after(new EpisodeChange.Revives(UNSEEN, alert, LATE), MIDDLE))
        .isEqualTo(new IdentityState(OPEN, NOW, LATE, List.of()));
    assertThat(decide(open, later)).isEqualTo(new EpisodeChange.Repeats(OPEN, later));
  }

  @Test
  void theFiringOfAnEpisodeIsTakenOnce() {
    Alert alert = firing(LATE);
    IdentityState revived =
        REMEMBERING.after(new EpisodeChange.Revives(UNSEEN, alert, LATE), MIDDLE);

    assertThat(revived).isEqualTo(new IdentityState(null, null, LATE, List.of()));
    assertThat(decide(revived, alert, MIDDLE))
        .isEqualTo(new EpisodeChange.Ignores(AlertOutcome.STALE));
  }

  @Test
  void severalEpisodesThatNobodySawAreToldApart() {
    EpisodeChange next = decide(REMEMBERING, resolved(NOW), NOW.plusSeconds(9));
    IdentityState both = REMEMBERING.after(next, NOW.plusSeconds(9));

    assertThat(both.remembered())
        .extracting(RememberedEpisode::id, RememberedEpisode::after, RememberedEpisode::endsAt)
        .containsExactly(tuple(UNSEEN, MIDDLE, LATE), tuple(FRESH, LATE, NOW));
    assertThat(decide(both, firing(NOW), MIDDLE))
        .isEqualTo(new EpisodeChange.Revives(FRESH, firing(NOW), NOW));
    assertThat(decide(both, firing(LATE), MIDDLE))
        .isEqualTo(new EpisodeChange.Revives(UNSEEN, firing(LATE), LATE));
  }

  @Test
  void onlyTheLastEpisodesThatNobodySawAreRemembered() {
    IdentityState state = IdentityState.UNSEEN;
    for (int i = 1; i <= 100; i++) {
      Instant end = EARLY.plusSeconds(i);
      Alert alert = resolved(end);
      state = state.after(new EpisodeChange.Remembers(new UUID(1, i), alert, end), NOW);
    }

    assertThat(state.remembered()).hasSize(IdentityState.REMEMBERED);
    assertThat(state.remembered().get(IdentityState.REMEMBERED - 1).id())
        .isEqualTo(new UUID(1, 100));
    assertThat(state.lastEndsAt()).isEqualTo(EARLY.plusSeconds(100));
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
    return decide(state, alert, NOW);
  }

  private static EpisodeChange decide(IdentityState state, Alert alert, Instant receivedAt) {
    return EpisodeRules.decide(state, alert, receivedAt, () -> FRESH);
  }

  private static Alert firing(Instant startsAt) {
    return new Alert("a", AlertStatus.FIRING, Map.of(), Map.of(), startsAt, null, null);
  }

  private static Alert resolved(Instant endsAt) {
    return new Alert("a", AlertStatus.RESOLVED, Map.of(), Map.of(), EARLY, endsAt, null);
  }
}
