package dev.drover.agents.kit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {

  @Test
  void shortTextIsNotCut() {
    assertThat(PlainText.cut("abc", 3)).isEqualTo("abc");
  }

  @Test
  void cutNeverSplitsASurrogatePair() {
    assertThat(PlainText.cut("ab😀cd", 4)).isEqualTo("ab…");
    assertThat(PlainText.cut("ab😀cd", 5)).isEqualTo("ab😀…");
  }

  @Test
  void lineBreaksBecomeOneSpace() {
    assertThat(PlainText.oneLine("\n\na\r\n\tb\n")).isEqualTo("a b");
  }
}
