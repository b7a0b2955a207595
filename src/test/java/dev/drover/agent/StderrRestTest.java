package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StderrRestTest {
  private static String rest(String seen, String told, boolean whole) {
    byte[] rest =
        StderrRest.of(
            seen.getBytes(StandardCharsets.UTF_8), told.getBytes(StandardCharsets.UTF_8), whole);
    return new String(rest, StandardCharsets.UTF_8);
  }

  @Test
  void whatFollowsWhatWasSeenIsMissing() {
    assertThat(rest("", "a\nb\n", true)).isEqualTo("a\nb\n");
    assertThat(rest("a\n", "a\nb\n", true)).isEqualTo("b\n");
    assertThat(rest("a\nb", "a\nbc\n", true)).isEqualTo("c\n");
    assertThat(rest("a\nb\n", "a\nb\n", true)).isEmpty();
    assertThat(rest("a\nb\nmore\n", "a\nb\n", true)).isEmpty();
  }

  @Test
  void linesThatWereLostOnTheWayAreMissing() {
    assertThat(rest("a\nc\nd\n", "a\nb\nc\nd\ne\n", true)).isEqualTo("b\ne\n");
    assertThat(rest("a\na\n", "a\nb\na\na\n", true)).isEqualTo("b\na\n");
  }

  @Test
  void theLastPartOfItIsJoinedWhereItOverlaps() {
    assertThat(rest("a\nb\nc\n", "c\nd", false)).isEqualTo("d");
    assertThat(rest("a\nb\n", "a\nb", false)).isEmpty();
    assertThat(rest("a\nb\nc\n", "b", false)).isEmpty();
    assertThat(rest("", "x\ny", false)).isEqualTo("x\ny");
    assertThat(rest("a\n", "z\n", false)).isEqualTo("z\n");
    assertThat(rest("\n\n a\n", "a\nb", false)).isEqualTo("b");
  }
}
