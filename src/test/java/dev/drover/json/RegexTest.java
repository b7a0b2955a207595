package dev.drover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "db-.*", "", "[a-z]{2,63}", "(a{10}){10,20}", "\\p{Greek}{5}", "\\x{10FFFF}",
            "[[:alpha:]]{3}",
        "[]{999}]", "[^]{]{2}", "a{,5}", "{5}x|{", "\\Q({999}\\E", "((a|b)*c){100}", "a{1000}",
      })
  void ordinaryExpressionsCompile(String regex) {
    try {
      assertThat(Regex.compile(regex).pattern()).isEqualTo(regex);
    } catch (PatternSyntaxException e) {
      assertThat(e.getDescription()).doesNotContain("too large");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(((a{999}){999}){999})", "((a{100}){100}){100}", "(?:(?:[a-z]{500}){500})",
            "((x{1000}){2,}){9}",
        "(\\p{Greek}{999}){9}", "((a{1000})+){9}", "(a{2}){1000}(b{2}){1000}(c{2}){1000}",
            "(((a{999}){999}){999}",
      })
  void bombsAreRefusedUncompiled(String regex) {
    assertThatThrownBy(() -> Regex.compile(regex))
        .isInstanceOf(PatternSyntaxException.class)
        .hasMessageContaining("too large when its repetitions are written out");
  }

  @Test
  void longExpressionsAreRefused() {
    assertThatThrownBy(() -> Regex.compile("a".repeat(1_000_000)))
        .isInstanceOf(PatternSyntaxException.class)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300));
  }
}
