package dev.drover.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTextTest {
  private static Optional<BigDecimal> parse(String text) {
    YamlValue.YamlMap map =
        (YamlValue.YamlMap) YamlDocument.read("f", "a: " + text + "\n").root().orElseThrow();
    return AmountText.parse(map.entries().get("a").value());
  }

  @Test
  void anAmountIsExactlyWhatIsWritten() {
    assertThat(parse("0.1")).contains(new BigDecimal("0.1"));
    assertThat(parse("0.123456789")).contains(new BigDecimal("0.123456789"));
    assertThat(parse("20")).contains(new BigDecimal("20"));
    assertThat(parse("0")).contains(BigDecimal.ZERO);
    assertThat(parse("1000000").orElseThrow()).isEqualByComparingTo(AmountText.LARGEST);
    assertThat(parse("2e-3").orElseThrow()).isEqualByComparingTo("0.002");
    assertThat(parse("1.0000000000000").orElseThrow()).isEqualByComparingTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-0.1",
        "1000000.000000001",
        "1e300",
        "1e-300",
        "0.0000000001",
        "'1'",
        "1€",
        "[1]"
      })
  void whatIsNoAmountIsRefused(String text) {
    assertThat(parse(text)).isEmpty();
  }
}
