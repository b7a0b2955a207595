package dev.drover.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nodes.scan.output.total > 1e0 | true",
        "nodes.scan.output.total == 5.0 | true",
        "nodes.scan.output.free < 3 | true",
        "nodes.scan.output.nothing == null | true",
        "nodes.scan.output.total == null | false",
        "nodes.scan-node.output.x == 1 | true",
        "nodes . scan-node . output.x == 1 | true",
        "nodes[\"scan-node\"].output.x == 1 | true",
        "nodes.`scan-node`.output.x == 1 | true",
        "nodes.?scan-node.?output.?x.orValue(7) == 1 | true",
        "nodes.scan-node.output.x-1 == 0 | true",
        "has(nodes.scan.output.total) | true",
        "has(nodes.scan.output.nothing) | true",
        "has(nodes.scan.output.other) | false",
        "nodes.skipped.?output.?x.orValue(7) == 7 | true",
        "nodes.scan.output.?nothing.hasValue() | true",
        "nodes.scan.output[?'other'].orValue('z') == 'z' | true",
        "'nodes.scan-node' == \"nodes.scan\" + '-node' | true",
        "'host' in trigger.alert.labels | true",
        "'x' in trigger.alert.labels | false",
        "size(trigger.alert.labels) == 4 | true",
        "trigger.alert.labels.all(k, size(k) > 0) | true",
        "nodes.scan.output.items.exists(i, i.name == 'b') | true",
        "{'name': 'a'} in nodes.scan.output.items | true",
        "nodes.scan.output.items[0] == {'name': 'a'} | true",
        "{'name': 'a'} == nodes.scan.output.items[0] | true",
        "nodes.scan.output.items == [{'name': 'a'}, {'name': 'b'}] | true",
        "trigger.alert.labels.host.matches('db-.*') | true",
        "nodes.scan.output['1'] == 'one' | true",
        "[1, 2].map(nodes, nodes * 2) == [2, 4] | true",
        "math.greatest(1, 2) == 2 | true",
        "sets.contains([1, 2], [1]) | true",
        "[3, 1, 2].sort() == [1, 2, 3] | true",
        "true // it's a comment | true",
      })
  void computes(String source, boolean expected) {
    assertThat(Evaluation.value(source)).isEqualTo(expected);
  }

  @Test
  void labelsMayBeWordsThatCelReserves() {
    assertThat(Evaluation.value("trigger.alert.labels.namespace")).isEqualTo("prod");
    assertThat(Evaluation.value("nodes.scan.output.namespace")).isEqualTo("n");
  }

  @Test
  void stringFunctionsAreThere() {
    assertThat(Evaluation.value("'A,B'.lowerAscii().split(',').join('-')")).isEqualTo("a-b");
    assertThat(Evaluation.value("'  a '.trim().replace('a', 'b')")).isEqualTo("b");
  }

  @Test
  void resultsArePlainJson() {
    assertThat(Evaluation.value("{'b': [1, 2.5, null, true], 'a': {'x': 'y'}}"))
        .isEqualTo(
            new LinkedHashMap<>(
                Map.of("b", Arrays.asList(1L, 2.5, null, true), "a", Map.of("x", "y"))));
    assertThat(((Map<?, ?>) Evaluation.value("{'b': 1, 'a': 2, 'c': 3}")).keySet().toString())
        .isEqualTo("[b, a, c]");
    assertThat(Evaluation.value("nodes.scan.output.items"))
        .isEqualTo(List.of(Map.of("name", "a"), Map.of("name", "b")));
    assertThat(Evaluation.value("nodes.scan.output.items.map(i, i)"))
        .isEqualTo(List.of(Map.of("name", "a"), Map.of("name", "b")));
    assertThat(Evaluation.value("nodes.scan.output.nothing")).isNull();
    assertThat(Evaluation.value("[nodes.scan.output.nothing]"))
        .isEqualTo(Arrays.asList((Object) null));
  }

  @Test
  void timesBytesAndUnsignedNumbersBecomeJson() {
    assertThat(Evaluation.value("timestamp('2024-01-01T00:00:00Z') + duration('90m')"))
        .isEqualTo("2024-01-01T01:30:00Z");
    assertThat(Evaluation.value("duration('90m')")).isEqualTo("5400s");
    assertThat(Evaluation.value("duration('1500ms')")).isEqualTo("1.5s");
    assertThat(Evaluation.value("b'abc'")).isEqualTo("YWJj");
    assertThat(Evaluation.value("7u")).isEqualTo(7L);
    assertThat(Evaluation.value("18446744073709551615u")).isEqualTo(1.8446744073709552E19);
  }

  @Test
  void whatIsNoJsonIsAFailure() {
    assertThat(Evaluation.failure("0.0 / 0.0")).contains("NaN, which is not a JSON number");
    assertThat(Evaluation.failure("{1: 2}")).contains("in JSON, keys are strings");
    assertThat(Evaluation.failure("[optional.of(1)]")).contains("end the expression with .orValue");
    assertThat(Evaluation.failure("[type(1)]")).contains("not a JSON value");
  }

  @Test
  void missingDataIsNamedByItsPath() {
    assertThat(Evaluation.failure("trigger.alert.labels.hots == 'x'"))
        .isEqualTo(
            "here: trigger.alert.labels.hots is missing; there are: alertname, host, namespace,"
                + " evil (in: trigger.alert.labels.hots == 'x')");
    assertThat(Evaluation.failure("nodes.skipped.output.x"))
        .isEqualTo(
            "here: nodes.skipped.output is missing; there are: status (the node is SKIPPED)"
                + " (in: nodes.skipped.output.x)");
    assertThat(Evaluation.failure("nodes.scan.output.items[2].name"))
        .startsWith("here: nodes.scan.output.items[2] is missing; the list has 2 items");
    assertThat(Evaluation.failure("nodes.scan.output.total.x"))
        .startsWith(
            "here: nodes.scan.output.total.x is missing: nodes.scan.output.total is of type integer");
    assertThat(Evaluation.failure("nodes.scan.output.nothing.x"))
        .startsWith(
            "here: nodes.scan.output.nothing.x is missing: nodes.scan.output.nothing is of type null");
    assertThat(Evaluation.failure("nodes.scan.output['no-such key']"))
        .startsWith("here: nodes.scan.output[\"no-such key\"] is missing; there are: total");
    assertThat(Evaluation.failure("has(nodes.scan.output.a.b)"))
        .startsWith("here: nodes.scan.output.a is missing");
  }

  @Test
  void pathsMeanTheSameAsInsideOfLargerExpressions() throws Exception {
    for (String path :
        List.of(
            "nodes.scan.output.total",
            "nodes.scan.output.items[1].name",
            "nodes.scan.output['1']",
            "nodes.scan.output.nothing",
            "nodes.scan-node",
            "trigger.alert.labels",
            "trigger.missing",
            "nodes.scan.output.items['x']",
            "nodes.scan.output.items[-1]",
            "nodes.scan.output[0]",
            "nodes.scan.output.total.x")) {
      assertThat(Evaluation.compile(path)).isInstanceOf(PathExpression.class);
      Expression inside = Evaluation.compile("true ? " + path + " : null");
      assertThat(inside).isInstanceOf(CelExpression.class);
      Object expected;
      try {
        expected = inside.evaluate(Evaluation.scope());
      } catch (ExpressionFailure e) {
        assertThat(Evaluation.failure(path)).contains("is missing");
        continue;
      }
      assertThat(Evaluation.value(path)).isEqualTo(expected);
    }
  }

  @Test
  void aGuardedGapIsNotBlamedForAnotherOne() {
    assertThat(
            Evaluation.failure(
                "has(nodes.scan.output.a) || nodes.scan.output.b == nodes.scan.output.total"))
        .startsWith("here: nodes.scan.output.b is missing");
    assertThat(Evaluation.failure("inputs[trigger.type]")).startsWith("here: alert (in: ");
  }

  @Test
  void otherFailuresKeepWhatCelSays() {
    assertThat(Evaluation.failure("1 / inputs.zero"))
        .isEqualTo("here: division by zero (in: 1 / inputs.zero)");
    assertThat(Evaluation.failure("inputs.threshold + 'a'")).contains("No matching overload");
    assertThat(Evaluation.failure("9223372036854775807 + inputs.threshold")).contains("overflow");
    assertThat(Evaluation.failure("int(inputs.name)")).startsWith("here: ");
  }

  @Test
  void regexesAreBounded() {
    assertThat(Evaluation.value("matches('xaby', 'a.')")).isEqualTo(true);
    assertThat(Evaluation.failure("'a'.matches('(((a{999}){999}){999})')"))
        .startsWith("here: bad regex: too large when its repetitions are written out");
    assertThat(Evaluation.failure("'a'.matches('(' + inputs.name)"))
        .startsWith("here: bad regex: ");
  }

  @Test
  void dataIsNeverAnExpression() {
    assertThat(Evaluation.value("trigger.alert.labels.evil + ''"))
        .isEqualTo("${{ secrets.X }} {{env:HOME}} ${env:HOME}");
  }

  @Test
  void loopsEnd() {
    String ten = "[0,1,2,3,4,5,6,7,8,9]";
    String bomb = "true";
    for (int i = 0; i < 6; i++) {
      bomb = ten + ".all(x" + i + ", " + bomb + ")";
    }
    assertThat(Evaluation.failure(bomb)).contains("Iteration budget exceeded: 100000");
  }

  @Test
  void resultsThatGrowWithoutBoundEnd() {
    String ten = "[0,1,2,3,4,5,6,7,8,9]";
    String text = "'" + "x".repeat(4_000) + "'";
    String bomb =
        "%s.map(a, %s.map(b, %s.map(c, %s.map(d, %s + string(d)))))"
            .formatted(ten, ten, ten, ten, text);
    assertThat(Evaluation.failure(bomb)).contains("it builds more than 16777216");
  }

  @Test
  void slowEvaluationsEnd() throws Exception {
    CelRuntime.Program loop =
        CelLanguage.program(
            CelLanguage.check(CelLanguage.parse("'abcdefgh'.split('').all(a, a != 'x')").getAst())
                .getAst());
    Budget none = new Budget(Duration.ZERO);
    assertThat(loop.trace(Map.of(), none)).isEqualTo(true);
    for (int i = 0; i < 10 && none.exceeded().isEmpty(); i++) {
      try {
        loop.trace(Map.of(), none);
      } catch (CelEvaluationException e) {
        assertThat(none.exceeded()).contains("it takes longer than 0 ms");
      }
    }
    assertThat(none.exceeded()).isPresent();
  }

  @Test
  void costDoesNotGrowWithDataThatIsNotRead() throws Exception {
    Map<String, Object> big = new LinkedHashMap<>();
    for (int i = 0; i < 200_000; i++) {
      big.put("k" + i, Map.of("a", List.of(1L, 2L)));
    }
    Scope scope = new Scope(Map.of("body", big), Map.of(), Map.of(), Map.of(), Map.of());
    Expression expression = Evaluation.compile("trigger.body.k5.a[1] == 2");
    expression.evaluate(scope);
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThat(expression.evaluate(scope)).isEqualTo(true);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
  }

  @Test
  void resultsDeeperThanJsonAreFailures() throws Exception {
    Object deep = 1L;
    for (int i = 0; i < 199; i++) {
      deep = List.of(deep);
    }
    Scope scope = new Scope(Map.of("d", deep), Map.of(), Map.of(), Map.of(), Map.of());
    assertThat(Evaluation.compile("[trigger.d]").evaluate(scope)).isInstanceOf(List.class);
    assertThatThrownBy(() -> Evaluation.compile("[[trigger.d]]").evaluate(scope))
        .hasMessageContaining("nested deeper than 200");
  }
}
