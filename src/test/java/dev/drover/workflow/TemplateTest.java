package dev.drover.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.json.Json;
import dev.drover.workflow.TemplateParts.Literal;
import dev.drover.yaml.Problem;
import dev.drover.yaml.YamlDocument;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static Template compile(String yaml, Problems problems) {
    YamlDocument.Result document = YamlDocument.read("w.yaml", yaml);
    assertThat(document.problems()).isEmpty();
    return new TemplateCompiler(problems, new ExpressionCompiler(problems, Evaluation.rules()))
        .compile(document.root().orElseThrow(), "with", Reader.OUTPUTS);
  }

  private static Template compile(String yaml) {
    Problems problems = new Problems("w.yaml", List.of());
    Template template = compile(yaml, problems);
    assertThat(problems.inOrder()).isEmpty();
    return template;
  }

  private static Object value(String yaml) throws ExpressionFailure {
    return compile(yaml).evaluate(Evaluation.scope());
  }

  private static List<String> problems(String yaml) {
    Problems problems = new Problems("w.yaml", List.of());
    compile(yaml, problems);
    return problems.inOrder().stream().map(Problem::toString).toList();
  }

  @Test
  void whatHasNoExpressionIsALiteral() {
    assertThat(compile("{a: [1, {b: x}], c: null, d: '{{x}} ${y} }}'}"))
        .isInstanceOfSatisfying(
            Literal.class,
            literal ->
                assertThat(Json.asObject(literal.value()))
                    .containsEntry("a", List.of(1L, Map.of("b", "x")))
                    .containsEntry("c", null)
                    .containsEntry("d", "{{x}} ${y} }}"));
  }

  @Test
  void aStringThatIsOneExpressionKeepsItsType() throws Exception {
    assertThat(value("\"${{ inputs.threshold }}\"")).isEqualTo(90L);
    assertThat(value("${{nodes.scan.output.items}}")).isInstanceOf(List.class);
    assertThat(value("\"${{ nodes.scan.output.nothing }}\"")).isNull();
    assertThat(value("\"${{ inputs.threshold }} \"")).isEqualTo("90 ");
  }

  @Test
  void expressionsInTextArePrinted() throws Exception {
    assertThat(value("a ${{ inputs.threshold }} b ${{ true }}${{ 'c' }}"))
        .isEqualTo("a 90 b truec");
    assertThat(value("\"n: ${{ 1e9 }}, ${{ 2.50 }}, ${{ 1e-7 }}, ${{ -0.0 }}, ${{ 1e300 }}\""))
        .isEqualTo("n: 1000000000, 2.5, 0.0000001, 0, 1.0E300");
    assertThat(value("\"l: ${{ nodes.scan.output.items }}\""))
        .isEqualTo("l: [{\"name\":\"a\"},{\"name\":\"b\"}]");
  }

  @Test
  void nullInTextIsAFailure() {
    assertThatThrownBy(() -> value("x ${{ nodes.scan.output.nothing }}"))
        .isInstanceOf(ExpressionFailure.class)
        .hasMessage(
            "with: the value is null, which can't be put into a text (in: nodes.scan.output.nothing)");
  }

  @Test
  void bracesAndLiteralsDoNotEndAnExpression() throws Exception {
    assertThat(value("\"${{ {'a': {'b': 1}} }}\"")).isEqualTo(Map.of("a", Map.of("b", 1L)));
    assertThat(value("\"${{{'a': {'b': 1}}}}\"")).isEqualTo(Map.of("a", Map.of("b", 1L)));
    assertThat(value("${{ '}}' + r'\\d}}' + '''it's }}''' }}!")).isEqualTo("}}\\d}}it's }}!");
    assertThat(value("${{ \"a\\\"}}\" }}")).isEqualTo("a\"}}");
    assertThat(value("|\n  ${{ 1 // it's }} not the end\n  + 1 }} end")).isEqualTo("2 end");
  }

  @Test
  void templatesNestButKeysAreAsTheyStand() throws Exception {
    assertThat(value("{'${{ 1 }}': [1, '${{ inputs.name }}', {k: '${{ null }}'}]}"))
        .isEqualTo(Map.of("${{ 1 }}", Arrays.asList(1L, "x", Collections.singletonMap("k", null))));
  }

  @Test
  void dataIsNeverATemplate() throws Exception {
    assertThat(
            value("[\"${{ trigger.alert.labels.evil }}\", \"<${{ trigger.alert.labels.evil }}>\"]"))
        .isEqualTo(
            List.of(
                "${{ secrets.X }} {{env:HOME}} ${env:HOME}",
                "<${{ secrets.X }} {{env:HOME}} ${env:HOME}>"));
  }

  @Test
  void problemsAreReportedWhereTheyStand() {
    assertThat(problems("a: plain ${{ foo }}\nb: ['${{ bar }}', \"x${{ 1 + }}\"]"))
        .containsExactly(
            "w.yaml:1:14: with.a: unknown name \"foo\"; there are: trigger, inputs, nodes, run, project",
            "w.yaml:2:10: with.b[0]: unknown name \"bar\"; there are: trigger, inputs, nodes, run, project",
            "w.yaml:2:28: with.b[1]: bad expression: mismatched input end of the expression");
    assertThat(problems("a: |\n  first\n  ${{ 1 + foo }}"))
        .containsExactly(
            "w.yaml:1:4: with.a: unknown name \"foo\" (at character 5 of the expression);"
                + " there are: trigger, inputs, nodes, run, project");
    assertThat(problems("a: \"\\t${{ foo }}\""))
        .singleElement()
        .asString()
        .startsWith("w.yaml:1:4: with.a: unknown name \"foo\" (at character 1 of the expression)");
  }

  @Test
  void whatIsNotClosedIsAProblem() {
    assertThat(problems("a: x ${{ inputs.name }"))
        .containsExactly("w.yaml:1:6: with.a: \"${{\" is never closed; close it with \"}}\"");
    assertThat(problems("a: ${{ 1 }} ${{ 'x }}")).hasSize(1);
    assertThat(problems("a: ${{ }}"))
        .containsExactly("w.yaml:1:7: with.a: an expression is missing");
  }
}
