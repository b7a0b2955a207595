package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EntropyTest {

  @Test
  void oneRepeatedCharacterHasNone() {
    assertThat(Entropy.of("aaaaaaaa")).isZero();
    assertThat(Entropy.of("")).isZero();
  }

  @Test
  void differentCharactersHaveLog2OfTheirNumber() {
    assertThat(Entropy.of("abcdefgh")).isEqualTo(3, within(1e-9));
    assertThat(Entropy.of("aabb")).isEqualTo(1, within(1e-9));
  }

  @Test
  void aRandomStringHasMoreThanAWord() {
    assertThat(Entropy.of(Samples.alphanumeric(40))).isGreaterThan(4);
    assertThat(Entropy.of("configuration")).isLessThan(3.5);
  }
}
