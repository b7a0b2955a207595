package dev.drover.agents.compliancechecker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionParserTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MIT|MIT",
        "mit|MIT",
        "(MIT)|MIT",
        "((MIT))|MIT",
        "MIT OR Apache-2.0|MIT OR Apache-2.0",
        "(MIT or apache-2.0)|MIT OR Apache-2.0",
        "MIT AND Apache-2.0 OR MPL-2.0|MIT AND Apache-2.0 OR MPL-2.0",
        "MIT AND (Apache-2.0 OR MPL-2.0)|MIT AND (Apache-2.0 OR MPL-2.0)",
        "MIT OR (Apache-2.0 OR MPL-2.0)|MIT OR Apache-2.0 OR MPL-2.0",
        "MIT OR MIT|MIT",
        "GPL-2.0|GPL-2.0-only",
        "GPL-2.0+|GPL-2.0-or-later",
        "GPL-2.0-or-later+|GPL-2.0-or-later",
        "GPL-2.0-only+|GPL-2.0-or-later",
        "Apache-1.1+|Apache-1.1+",
        "GPL-2.0 with classpath-exception-2.0|GPL-2.0-only WITH Classpath-exception-2.0",
        "MIT OR Apache-2.0 WITH LLVM-exception AND MPL-2.0|MIT OR Apache-2.0 WITH LLVM-exception AND MPL-2.0",
        "LicenseRef-Ours AND DocumentRef-x:LicenseRef-y.1|LicenseRef-Ours AND DocumentRef-x:LicenseRef-y.1",
        "MIT WITH AdditionRef-ours|MIT WITH AdditionRef-ours"
      })
  void expressionsComeOutAsSpdxWritesThem(String text, String canonical) throws Exception {
    assertThat(Tables.parser().parse(text).text()).isEqualTo(canonical);
    assertThat(Tables.parser().parse(canonical).text()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|a licence is missing at its end",
        "MIT OR|a licence is missing at its end",
        "OR MIT|\"OR\" is no SPDX licence id",
        "MIT Apache-2.0|AND, OR or WITH is missing before \"Apache-2.0\"",
        "(MIT|a parenthesis is not closed",
        "MIT)|missing before \")\"",
        "(MIT OR Apache-2.0) WITH LLVM-exception|missing before \"WITH\"",
        "MIT WITH MIT|\"MIT\" is no SPDX exception id",
        "MIT++|\"MIT++\" is no SPDX licence id",
        "Unheard-1.0|\"Unheard-1.0\" is no SPDX licence id",
        "LicenseRef-|\"LicenseRef-\" is no SPDX licence id",
        "LicenseRef-a/b|no SPDX licence id"
      })
  void whatIsNoExpressionIsRefusedWithItsPlace(String text, String reason) {
    assertThatThrownBy(() -> Tables.parser().parse(text))
        .isInstanceOf(NoExpression.class)
        .hasMessageContaining(reason);
  }

  @Test
  void neitherDepthNorLengthIsUnbounded() {
    String deep = "(".repeat(60) + "MIT" + ")".repeat(60);
    assertThatThrownBy(() -> Tables.parser().parse(deep)).hasMessageContaining("nested more than");
    assertThatThrownBy(() -> Tables.parser().parse("MIT OR ".repeat(1_000) + "MIT"))
        .hasMessageContaining("longer than");
  }
}
