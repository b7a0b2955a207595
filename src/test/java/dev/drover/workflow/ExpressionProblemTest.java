package dev.drover.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expression begins at 3:7 of w.yaml, under the path "here". */
class ExpressionProblemTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "triger.type | 3:7: here: unknown name \"triger\"; did you mean \"trigger\"?",
        "1 == foo | 3:12: here: unknown name \"foo\"; there are: trigger, inputs, nodes, run, project",
        "secrets.TOKEN | 3:7: here: secrets can't be read in a workflow; name the secret in the \"env\" of the agent's manifest",
        "foo(1) | 3:10: here: unknown function \"foo\"",
        "inputs.treshold | 3:7: here: unknown input \"treshold\"; did you mean \"threshold\"?",
        "nodes.scna.output | 3:7: here: unknown node \"scna\"; did you mean \"scan\"?",
        "1 + nodes.scan-nod.output | 3:11: here: unknown node \"scan-nod\"; did you mean \"scan-node\"?",
        "nodes.scan.ouput | 3:7: here: unknown field \"ouput\" of nodes.scan; did you mean \"output\"?",
        "run.ids | 3:7: here: unknown field \"ids\" of run; did you mean \"id\"?",
        "project.nam | 3:7: here: unknown field \"nam\" of project; did you mean \"name\"?",
        "nodes[inputs.name].output | 3:7: here: a node must be named: nodes.<id> or nodes[\"<id>\"], not computed or all at once; which nodes an expression reads must be known before the run",
        "size(nodes) | 3:12: here: a node must be named: nodes.<id> or nodes[\"<id>\"], not computed or all at once; which nodes an expression reads must be known before the run",
        "1 + | 3:10: here: bad expression: mismatched input end of the expression",
        "nodes.scan-node.output + | 3:31: here: bad expression: mismatched input end of the expression",
        "nodes.scan-node.output == (1 + 'a') | 3:36: here: bad expression: found no matching overload for '_+_' applied to '(int, string)'",
        "optional.of(1) | 3:7: here: the result is an optional value; end the expression with .orValue(...)",
        "math.greatest([.startsWith(?,)) | 3:7: here: bad expression: it can't be parsed",
        "type(1) | 3:7: here: the result is a type, not a value",
        "~   ~ | 3:7: here: an expression is missing",
      })
  void isReportedWhereItStands(String source, String problem) {
    assertThat(Evaluation.problems(source)).containsExactly("w.yaml:" + problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(", "[", "{'a':", "trigger.a.b.c.d.e.f.g.h.", "1+", "true?1:", "a(", "'a'.b("})
  void deepAndLongExpressionsAreRefusedQuickly(String part) {
    String source = part.repeat(CelLanguage.MAX_LENGTH / part.length() - 1) + "1";
    assertThat(Evaluation.problems(source)).isNotEmpty();
    assertThat(Evaluation.problems("1" + part.repeat(CelLanguage.MAX_LENGTH)))
        .singleElement()
        .asString()
        .contains("the expression has more than 8192 characters");
  }

  @Test
  void repeatedSignsCostNothing() {
    assertThat(Evaluation.value("-".repeat(8_000) + "1")).isEqualTo(1L);
    assertThat(Evaluation.value("!".repeat(8_000) + "true")).isEqualTo(true);
  }

  @Test
  void positionsCountAstralCharactersOnce() {
    assertThat(Evaluation.problems("'\uD83D\uDE00' + foo"))
        .containsExactly(
            "w.yaml:3:13: here: unknown name \"foo\"; there are: trigger, inputs, nodes, run, project");
  }

  @Test
  void everyUnknownNameIsReported() {
    assertThat(Evaluation.problems("a + b + inputs.c + nodes.d")).hasSize(4);
  }
}
