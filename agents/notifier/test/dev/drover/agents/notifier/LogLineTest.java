package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLineTest {

  @Test
  void messageIsOneReadableLine() {
    assertThat(LogLine.of(Samples.aMessage()))
        .isEqualTo(
            "[WARNING] Disk is filling up: /var on db-1 will be full in 4 hours"
                + " (host=db-1, hours=4, paged=false)");
  }

  @Test
  void dataCannotForgeASecondLineOrSteerATerminal() {
    String line =
        LogLine.of(Samples.aMessage("a\r\n[CRITICAL] forged", "\u001b[2J\u0000b\u2028c\u0085d"));

    assertThat(line).startsWith("[WARNING] a [CRITICAL] forged:  [2J b c d (");
    assertThat(line.chars()).noneMatch(Character::isISOControl);
  }

  @Test
  void endlessTextIsCut() {
    assertThat(LogLine.of(Samples.aMessage("t", "x".repeat(100_000)))).hasSize(8_000).endsWith("…");
  }
}
