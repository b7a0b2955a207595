package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final FairQueue<String, String> queue = new FairQueue<>();

  private void add(String... entries) {
    for (String entry : entries) {
      queue.add(entry.substring(0, 1), entry);
    }
  }

  private List<String> rest() {
    List<String> rest = new ArrayList<>();
    queue.drainTo(rest::add);
    return rest;
  }

  @Test
  void withinAShareTheFirstComesFirst() {
    add("a1", "a2", "a3");

    assertThat(rest()).containsExactly("a1", "a2", "a3");
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  void sharesTakeTurnsHoweverManyOfOneWait() {
    add("a1", "a2", "a3", "a4", "b1", "b2", "c1");

    assertThat(rest()).containsExactly("a1", "b1", "c1", "a2", "b2", "a3", "a4");
  }

  @Test
  void whoComesLaterWaitsForOneEntryOfEachOtherShare() {
    IntStream.range(0, 1_000).forEach(i -> queue.add("a", "a" + i));
    assertThat(queue.poll()).contains("a0");
    add("b1");

    assertThat(queue.poll()).contains("a1");
    assertThat(queue.poll()).contains("b1");
    assertThat(queue.poll()).contains("a2");
  }

  @Test
  void aShareThatWasUsedUpComesLastAgain() {
    add("a1", "b1", "b2");
    assertThat(queue.poll()).contains("a1");
    add("a2");

    assertThat(rest()).containsExactly("b1", "a2", "b2");
  }

  @Test
  void whatIsRemovedLosesItsTurn() {
    add("a1", "a2", "b1");

    assertThat(queue.remove("a", "a1")).isTrue();
    assertThat(queue.remove("a", "a1")).isFalse();
    assertThat(queue.remove("b", "b1")).isTrue();
    assertThat(queue.remove("b", "b1")).isFalse();
    assertThat(rest()).containsExactly("a2");
    assertThat(queue.poll()).isEqualTo(Optional.empty());
  }
}
