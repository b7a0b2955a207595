package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleFileTest {
  private static final String RULE =
      "{id: a, description: b, severity: low, remedy: c, keywords: [key], regex: '(k)'}";

  @Test
  void aRuleHasDefaults() {
    SecretRule rule = RuleFile.parse("rules: [" + RULE + "]").get(0);
    assertThat(rule.info()).isEqualTo(new RuleInfo("a", Severity.LOW, "b", "c"));
    assertThat(rule.form().group()).isEqualTo(1);
    assertThat(rule.form().before()).isZero();
    assertThat(rule.form().lines()).isEqualTo(1);
    assertThat(rule.check().generic()).isFalse();
    assertThat(rule.scope().covers("any/file")).isTrue();
  }

  @Test
  void theCommonPatternsApplyUnlessTheRuleSaysNo() {
    String own = RULE.replace("{id: a", "{id: z, commonAllow: false");
    List<SecretRule> rules = RuleFile.parse("allow: [k]\nrules: [" + RULE + ", " + own + "]");
    assertThat(rules.get(0).check().passes("k")).isFalse();
    assertThat(rules.get(1).check().passes("k")).isTrue();
  }

  @Test
  void aSetOfFilesIsNamed() {
    String rule = RULE.replace("{id: a", "{id: a, files: some, exceptFiles: ['x.a']");
    SecretRule.Scope scope =
        RuleFile.parse("sets: {some: ['*.a']}\nrules: [" + rule + "]").get(0).scope();
    assertThat(scope.covers("b.a")).isTrue();
    assertThat(scope.covers("x.a")).isFalse();
    assertThat(scope.covers("b.c")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id: a,          | id: a, colour: red,       | rule a: unknown key colour
          severity: low   | severity: bad             | severity is critical, high, medium or low
          remedy: c,      | ''                        | it needs a text called remedy
          keywords: [key] | keywords: []              | it needs keywords
          keywords: [key] | keywords: [k]             | at least 2 characters
          id: a,          | id: a, group: 2,          | the regex has no group 2
          '(k)'           | '(k'                      | Unclosed group
          id: a,          | id: a, files: nothing,    | which is not in sets
          id: a,          | id: a, minEntropy: much,  | minEntropy is a number
          """,
      quoteCharacter = '~')
  void aWrongRuleIsRefusedWithTheReason(String part, String wrong, String reason) {
    String rule = RULE.replace(part, wrong.equals("''") ? "" : wrong);
    assertThatThrownBy(() -> RuleFile.parse("rules: [" + rule + "]"))
        .isInstanceOf(ScanException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "'rules: 7', list called rules",
    "'rules: [', not valid YAML",
    "'rules: [7]', is a map"
  })
  void aWrongFileIsRefusedWithTheReason(String yaml, String reason) {
    assertThatThrownBy(() -> RuleFile.parse(yaml)).hasMessageContaining(reason);
  }

  @Test
  void twoRulesOfOneNameAreRefused() {
    assertThatThrownBy(() -> RuleFile.parse("rules: [" + RULE + ", " + RULE + "]"))
        .hasMessageContaining("used twice");
  }
}
