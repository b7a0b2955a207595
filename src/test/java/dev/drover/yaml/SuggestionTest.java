package dev.drover.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  @Test
  void theNearestWordIsSuggested() {
    assertThat(Suggestion.didYouMean("scna", List.of("send", "scan", "span")))
        .contains("did you mean \"scan\"?");
    assertThat(Suggestion.didYouMean("a", List.of("b"))).contains("did you mean \"b\"?");
  }

  @Test
  void nothingIsSuggestedFarAway() {
    assertThat(Suggestion.didYouMean("scan", List.of("notify"))).isEmpty();
    assertThat(Suggestion.didYouMean("x".repeat(1_000_000), List.of("x".repeat(999_999))))
        .isEmpty();
  }
}
