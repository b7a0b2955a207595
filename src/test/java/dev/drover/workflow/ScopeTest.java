package dev.drover.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.name.NodeId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
  private static final NodeId SCAN = new NodeId("scan");

  private static Object value(String source, Scope scope) throws ExpressionFailure {
    String document =
        "{name: w, nodes: {scan: {value: 1}, a: {dependsOn: [scan], forEach: [1], value: '${{ "
            + source
            + " }}'}}}";
    Node node = Documents.valid(document).node(new NodeId("a"));
    return ((Step.Value) node.step()).value().evaluate(scope);
  }

  private static Scope item(Object item, long index) {
    return Evaluation.scope().withItem(item, index);
  }

  @Test
  void anItemCanBeAnything() throws Exception {
    assertThat(value("item", item("text", 0))).isEqualTo("text");
    assertThat(value("item", item(null, 0))).isNull();
    assertThat(value("item", item(List.of(1L, 2L), 0))).isEqualTo(List.of(1L, 2L));
    assertThat(value("item[1]", item(List.of(1L, 2L), 0))).isEqualTo(2L);
    assertThat(value("item.a.b", item(Map.of("a", Map.of("b", 5L)), 0))).isEqualTo(5L);
    assertThat(value("item", item(true, 0))).isEqualTo(true);
  }

  @Test
  void itemsAreReckonedWith() throws Exception {
    assertThat(value("item * 2 + index", item(4L, 3))).isEqualTo(11L);
    assertThat(value("item == null", item(null, 3))).isEqualTo(true);
    assertThat(value("size(item)", item(List.of(1L, 2L), 3))).isEqualTo(2L);
    assertThat(value("item.map(i, i + index)", item(List.of(1L, 2L), 3)))
        .isEqualTo(List.of(4L, 5L));
    assertThat(value("[7].map(item, item + index)", item("hidden", 3))).isEqualTo(List.of(10L));
    assertThat(value("item", item(Arrays.asList(1L, null), 3))).isEqualTo(Arrays.asList(1L, null));
  }

  @Test
  void theIndexIsANumber() throws Exception {
    assertThat(value("index", item("x", 12))).isEqualTo(12L);
    assertThat(value("index > 3", item("x", 12))).isEqualTo(true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"item.path", "item.path + 1"})
  void whatAnItemLacksIsNamed(String source) {
    assertThatThrownBy(() -> value(source, item(Map.of("name", "x"), 0)))
        .isInstanceOf(ExpressionFailure.class)
        .hasMessageContaining("item.path is missing; there are: name");
    assertThatThrownBy(() -> value(source, item("text", 0)))
        .isInstanceOf(ExpressionFailure.class)
        .hasMessageContaining("item.path");
  }

  @Test
  void theRestOfTheRunStaysInSight() throws Exception {
    assertThat(value("nodes.scan.output.total", item("x", 0))).isEqualTo(5L);
    assertThat(value("run.id", item("x", 0))).isEqualTo("r1");
  }

  @Test
  void aNodeCanBeSeenAsAnother() throws Exception {
    Scope scope = Evaluation.scope();
    Scope other = scope.withNode(SCAN, Map.of("status", "SUCCEEDED", "output", 1L));
    assertThat(value("nodes.scan.output", other)).isEqualTo(1L);
    assertThat(value("nodes.scan.output", other.withItem("x", 0))).isEqualTo(1L);
    assertThat(value("nodes.scan.output.total", scope)).isEqualTo(5L);
    Scope fresh = Evaluation.scope("{}").withNode(SCAN, Map.of("output", "only this"));
    assertThat(value("nodes.scan.output", fresh)).isEqualTo("only this");
  }
}
