package dev.drover.agents.codereviewer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.WorkFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule finds its own bad examples and none of its good ones. */
class RulesIT {
  static final Path FOLDER =
      Path.of(System.getProperty("drover.home", "."), "agents", "code-reviewer", "rules");
  private static final Pattern PLACE = Pattern.compile("\\{(U?)(\\d{0,3})}");
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz0189";

  @TestFactory
  Stream<DynamicTest> everyRuleKeepsToItsExamples() throws WorkFailure {
    return RuleFile.readAll(FOLDER).stream()
        .map(rule -> DynamicTest.dynamicTest(rule.id(), () -> keepsTo(rule)));
  }

  private static void keepsTo(Rule rule) throws BadInput {
    for (String bad : rule.examples().bad()) {
      assertThat(found(rule, text(rule, bad))).as(bad).isNotEmpty();
    }
    for (String good : rule.examples().good()) {
      assertThat(found(rule, text(rule, good))).as(good).isEmpty();
    }
  }

  @Test
  void thereAreManyRulesAndEachSaysWhatToDo() throws WorkFailure {
    assertThat(RuleFile.readAll(FOLDER))
        .hasSizeGreaterThan(70)
        .allSatisfy(rule -> assertThat(rule.examples().good()).as(rule.id()).isNotEmpty());
  }

  private static List<Integer> found(Rule rule, String text) throws BadInput {
    List<Integer> lines = new ArrayList<>();
    for (ChangedFile file : Diffs.files(Diffs.adding(rule.examples().file(), text))) {
      new LineRules(List.of(rule))
          .review(file.path(), file.hunks())
          .forEach(comment -> lines.add(comment.line()));
    }
    return lines;
  }

  private static String text(Rule rule, String example) {
    return rule.id().startsWith("secret-") ? fill(example) : example;
  }

  /**
   * {@code {8}} becomes eight random characters and {@code {}} nothing, so that no scanner takes an
   * example for a secret.
   */
  static String fill(String example) {
    Random random = new Random(7);
    return PLACE.matcher(example).replaceAll(place -> characters(place, random));
  }

  private static String characters(MatchResult place, Random random) {
    int count = place.group(2).isEmpty() ? 0 : Integer.parseInt(place.group(2));
    int kinds = place.group(1).isEmpty() ? LETTERS.length() : 32;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(LETTERS.charAt(random.nextInt(kinds)));
    }
    return text.toString();
  }
}
