package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.server.Settings.RuntimeChoice;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class IsolationRuleTest {
  private static Optional<String> possible() {
    return Optional.empty();
  }

  private static Optional<String> impossible() {
    return Optional.of("bubblewrap is not installed");
  }

  @Test
  void aSandboxIsUsedWhereItCanBeHad() {
    assertThat(IsolationRule.isolates(RuntimeChoice.AUTO, "0.0.0.0", IsolationRuleTest::possible))
        .isTrue();
    assertThat(
            IsolationRule.isolates(RuntimeChoice.SANDBOX, "127.0.0.1", IsolationRuleTest::possible))
        .isTrue();
  }

  @Test
  void whoWantsTheSandboxGetsNothingElse() {
    assertThatThrownBy(
            () ->
                IsolationRule.isolates(
                    RuntimeChoice.SANDBOX, "127.0.0.1", IsolationRuleTest::impossible))
        .isInstanceOf(NoSandbox.class)
        .hasMessageContaining("bubblewrap is not installed");
  }

  @Test
  void onlyAServerThatNobodyElseReachesDoesWithoutByItself() {
    assertThat(
            IsolationRule.isolates(RuntimeChoice.AUTO, "127.0.0.1", IsolationRuleTest::impossible))
        .isFalse();
    assertThat(IsolationRule.isolates(RuntimeChoice.AUTO, "::1", IsolationRuleTest::impossible))
        .isFalse();
    assertThatThrownBy(
            () ->
                IsolationRule.isolates(
                    RuntimeChoice.AUTO, "0.0.0.0", IsolationRuleTest::impossible))
        .isInstanceOf(NoSandbox.class)
        .hasMessageContaining("bubblewrap is not installed")
        .hasMessageContaining("0.0.0.0")
        .hasMessageContaining("--runtime process");
  }

  @Test
  void whoSaysProcessGetsItEverywhereAndNothingIsTried() {
    Supplier<Optional<String>> never =
        () -> {
          throw new AssertionError("tried");
        };
    assertThat(IsolationRule.isolates(RuntimeChoice.PROCESS, "0.0.0.0", never)).isFalse();
  }
}
