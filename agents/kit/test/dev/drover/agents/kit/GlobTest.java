package dev.drover.agents.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "*.lock, deep/down/yarn.lock",
    "**/x, x",
    "**/x, a/b/x",
    "a/**, a/b/c",
    "a/, a/b",
    "a/**/z, a/z",
    "a/**/z, a/b/c/z",
    "/a/*.yml, a/b.yml",
    "a?c, abc",
    ".env*, conf/.env.local",
    "**, anything/at/all"
  })
  void aPatternMatches(String pattern, String path) {
    assertThat(Glob.of(pattern).matches(path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "**/x, ax",
    "**/x, a/bx",
    "*.lock, yarn.lock.txt",
    "a/*.yml, a/b/c.yml",
    "a?c, a/c",
    "a/**/z, az",
    "a/, ab/c"
  })
  void aPatternDoesNotMatch(String pattern, String path) {
    assertThat(Glob.of(pattern).matches(path)).isFalse();
  }

  @Test
  void aPatternOfManyStarsTakesNoTime() {
    Glob glob = Glob.of("**" + "*a".repeat(200) + "b");
    assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () -> assertThatNoException().isThrownBy(() -> glob.matches("a".repeat(2000))));
  }
}
