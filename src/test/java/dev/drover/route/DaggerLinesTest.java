package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DaggerLinesTest {
  private final List<String> told = new ArrayList<>();
  private final DaggerLines lines =
      new DaggerLines(List.of("s3cr3t-value", "two\nlines"), told::add);

  private List<String> wrote(String... pieces) {
    List.of(pieces).forEach(lines::wrote);
    lines.end();
    return told;
  }

  @Test
  void aSecretIsMaskedAlsoWhenItComesInPieces() {
    assertThat(wrote("key s3cr", "3t-", "value.\nnext", " line\n"))
        .containsExactly("key ***.", "next line");
  }

  @Test
  void aSecretOfSeveralLinesIsMaskedLineByLine() {
    assertThat(wrote("a two\nlines b\n")).containsExactly("a ***", "*** b");
  }

  @Test
  void anUnfinishedLineComesAtTheEnd() {
    assertThat(wrote("one\r\n", "last")).containsExactly("one", "last");
  }

  @Test
  void aLineWithoutEndIsToldInPartsNoneOfWhichHoldsAPartOfASecret() {
    String long1 = "x".repeat(8190) + "s3cr3t-value" + "y".repeat(20_000);
    for (int i = 0; i < long1.length(); i += 7) {
      lines.wrote(long1.substring(i, Math.min(long1.length(), i + 7)));
    }
    assertThat(told).isNotEmpty().allMatch(line -> line.length() < 9_000);
    lines.end();
    assertThat(String.join("", told)).isEqualTo("x".repeat(8190) + "***" + "y".repeat(20_000));
  }
}
