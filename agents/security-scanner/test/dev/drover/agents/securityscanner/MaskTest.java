package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaskTest {

  @Test
  void ofALongSecretFourCharactersAreShown() {
    assertThat(Mask.of("abcdefghijklmnopqrst")).isEqualTo("abcd***");
  }

  @Test
  void ofAShortSecretNothingIsShown() {
    assertThat(Mask.of("abcdefghijklmno")).isEqualTo("***");
  }

  @Test
  void whatIsNotPrintableIsNotShown() {
    assertThat(Mask.of("a\u001bcdefghijklmnopqrst")).isEqualTo("***");
  }

  @Test
  void aLogLineStaysOneLineAndBounded() {
    assertThat(Mask.line("a\nb\u001b[31mc", 100)).isEqualTo("a?b?[31mc");
    assertThat(Mask.line("abcdef", 3)).isEqualTo("abc");
  }
}
