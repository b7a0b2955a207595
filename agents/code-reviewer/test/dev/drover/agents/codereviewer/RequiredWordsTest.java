package dev.drover.agents.codereviewer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequiredWordsTest {

  @Test
  void theLongestWordThatMustBeThereIsTaken() {
    assertThat(RequiredWords.of("\\beval\\s*\\(")).containsExactly("eval");
    assertThat(RequiredWords.of("new\\s+Random\\b")).containsExactly("random");
    assertThat(RequiredWords.of("System\\.out\\.print")).containsExactly("system.out.print");
    assertThat(RequiredWords.of("^<<<<<<<(?:\\s|$)")).containsExactly("<<<<<<<");
  }

  @Test
  void ofAlternativesEachGivesOne() {
    assertThat(RequiredWords.of("pickle|(?:dill|joblib)\\.load"))
        .containsExactly(".load", "pickle");
    assertThat(RequiredWords.of("(?i:md5|SHA-?1)x")).containsExactly("md5", "sha");
    assertThat(RequiredWords.of("curl|.*")).isEmpty();
  }

  @Test
  void whatMayBeMissingIsNotAskedFor() {
    assertThat(RequiredWords.of("colou?r")).containsExactly("colo");
    assertThat(RequiredWords.of("(?:abcdef)?gh")).containsExactly("gh");
    assertThat(RequiredWords.of("ab*cd")).containsExactly("cd");
    assertThat(RequiredWords.of("ab{0,3}cd")).containsExactly("cd");
    assertThat(RequiredWords.of("ab+cd")).containsExactly("ab");
    assertThat(RequiredWords.of("[abc]d")).isEmpty();
    assertThat(RequiredWords.of("[^\\]]+xy[]]z")).containsExactly("xy");
    assertThat(RequiredWords.of("\\x{202A}ab")).containsExactly("ab");
  }
}
