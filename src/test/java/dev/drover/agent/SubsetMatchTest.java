package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubsetMatchTest {
  @Test
  void furtherFieldsAreAllowedAtEveryDepth() {
    assertThat(
            SubsetMatch.difference(
                Map.of("a", List.of(Map.of("b", 1L))),
                Map.of("a", List.of(Map.of("b", 1.0, "c", 2L)), "d", true)))
        .isEmpty();
    assertThat(SubsetMatch.difference(Map.of(), Map.of("a", 1L))).isEmpty();
  }

  @Test
  void theFirstDifferenceIsToldWithItsPath() {
    assertThat(SubsetMatch.difference(Map.of("a", Map.of("b", 1L)), Map.of("a", Map.of())))
        .contains("$.a.b is missing");
    assertThat(SubsetMatch.difference(Map.of("a", List.of(1L)), Map.of("a", List.of(2L))))
        .contains("$.a[0] is 2, expected is 1");
    assertThat(SubsetMatch.difference(List.of(1L), List.of(1L, 2L)))
        .contains("$ has 2 items, expected are 1");
    assertThat(SubsetMatch.difference(Map.of(), "text")).isPresent();
  }
}
