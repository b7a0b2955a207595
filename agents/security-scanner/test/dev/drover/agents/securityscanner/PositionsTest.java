package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PositionsTest {

  @Test
  void linesAndColumnsCountFromOne() {
    Positions positions = new Positions("ab\ncd\n");
    assertThat(positions.line(0)).isEqualTo(1);
    assertThat(positions.column(1)).isEqualTo(2);
    assertThat(positions.line(4)).isEqualTo(2);
    assertThat(positions.column(4)).isEqualTo(2);
  }

  @Test
  void columnsCountCharactersNotBytes() {
    Positions positions = new Positions(bytes("x\n\u00e4\u20ac!"));
    assertThat(positions.column(bytes("x\n\u00e4\u20ac").length())).isEqualTo(3);
  }

  @Test
  void placesFarIntoAFileAreRight() {
    String line = "\u00e4".repeat(999) + "\n";
    Positions positions = new Positions(bytes(line.repeat(50) + "\u00e4\u00e4!"));
    int offset = bytes(line).length() * 50 + 4;
    assertThat(positions.line(offset)).isEqualTo(51);
    assertThat(positions.column(offset)).isEqualTo(3);
  }

  @Test
  void aLineOfManyBlocksHasItsStart() {
    Positions positions = new Positions("\n" + "a".repeat(20_000));
    assertThat(positions.column(19_000)).isEqualTo(19_000);
    assertThat(positions.line(19_000)).isEqualTo(2);
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
