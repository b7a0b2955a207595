package dev.drover.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LostRunsTest {
  private final LostRuns lost = new LostRuns();
  private final RunId one = new RunId(new UUID(0, 1));
  private final RunId two = new RunId(new UUID(0, 2));

  @Test
  void aRunThatNobodyCarriesIsLostAtTheSecondLook() {
    assertThat(lost.look(Set.of(one, two), two::equals)).isEmpty();
    assertThat(lost.look(Set.of(one, two), two::equals)).containsExactly(one);
  }

  @Test
  void aRunThatIsCarriedMeanwhileIsNotLost() {
    assertThat(lost.look(Set.of(one), id -> false)).isEmpty();
    assertThat(lost.look(Set.of(one), one::equals)).isEmpty();
    assertThat(lost.look(Set.of(one), id -> false)).isEmpty();
  }

  @Test
  void aRunThatEndedMeanwhileIsNotLost() {
    assertThat(lost.look(Set.of(one), id -> false)).isEmpty();
    assertThat(lost.look(Set.of(), id -> false)).isEmpty();
  }
}
