package dev.drover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void valuesArePlainAndInOrder() throws Exception {
    Object value = Json.parse("{\"b\": [1, 2.5, null, true, \"x\"], \"a\": {}}");
    assertThat(value)
        .isEqualTo(Map.of("b", Arrays.asList(1L, 2.5, null, true, "x"), "a", Map.of()));
    assertThat(Json.print(value)).isEqualTo("{\"b\":[1,2.5,null,true,\"x\"],\"a\":{}}");
  }

  @Test
  void integersBeyond64BitsBecomeDoubles() throws Exception {
    assertThat(Json.parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThat(Json.parse("9223372036854775808")).isEqualTo(9.223372036854776E18);
    assertThat(Json.parse("{\"a\": [[18446744073709551616]]}"))
        .isEqualTo(Map.of("a", List.of(List.of(1.8446744073709552E19))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "'x'",
        "NaN",
        "Infinity",
        "-Infinity",
        "01",
        "1 2",
        "{} {}",
        "{\"a\": 1, \"a\": 2}",
        "{\"x\": {\"a\": 1, \"b\": 2, \"a\": 3}}",
        "1e999",
        "[-1e999]",
        "// c\n1",
        "\"\u0000\"",
        "\uFEFF1x",
        "nul",
        "{a: 1}",
      })
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(InvalidJson.class);
    assertThatThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidJson.class);
    assertThatThrownBy(
            () -> Json.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(InvalidJson.class);
  }

  @Test
  void theMessageSaysWhereItIsWrong() {
    assertThatThrownBy(() -> Json.parse("{\n  \"a\": x}"))
        .hasMessageContaining("at line 2, column 8");
  }

  @Test
  void integersAsLongAsADocumentAreRefused() {
    assertThatThrownBy(() -> Json.parse("1".repeat(100_000))).isInstanceOf(InvalidJson.class);
  }

  @Test
  void nestingIsBounded() throws Exception {
    String deepest = "[".repeat(200) + "]".repeat(200);
    assertThat(Json.isTooDeep(Json.parse(deepest))).isFalse();
    assertThat(Json.isTooDeep(List.of(Json.parse(deepest)))).isTrue();
    assertThatThrownBy(() -> Json.parse("[" + deepest + "]")).isInstanceOf(InvalidJson.class);
    assertThatThrownBy(() -> Json.parse("[".repeat(1_000_000))).isInstanceOf(InvalidJson.class);
    assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(1_000_000)))
        .isInstanceOf(InvalidJson.class);
  }

  @Test
  void whatJsonCannotSayIsNotPrinted() {
    for (Object value : List.of(Double.NaN, Double.POSITIVE_INFINITY, List.of(Double.NaN))) {
      assertThatIllegalArgumentException().isThrownBy(() -> Json.print(value));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Json.print(new Object()));
  }

  @Test
  void halfCharactersAreReplaced() {
    assertThat(Json.print("a\uD800b\uDC00")).isEqualTo("\"a\uFFFDb\uFFFD\"");
    assertThat(Json.print("\uD83D\uDE00")).isEqualTo("\"\uD83D\uDE00\"");
  }

  @Test
  void typesHaveTheNamesOfJson() {
    List<Object> values = new ArrayList<>(List.of(Map.of(), List.of(), "", true, 1L, 1.5));
    values.add(null);
    assertThat(values.stream().map(Json::typeOf).toList())
        .containsExactly("object", "array", "string", "boolean", "integer", "number", "null");
  }

  @Test
  void whatWasWrittenAroundTheDeepestValueCanBeReadBack() throws InvalidJson {
    Object deepest = Json.parse("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH));
    String written = Json.print(java.util.Map.of("output", deepest));
    assertThat(Json.print(Json.parseTrusted(written))).isEqualTo(written);
  }
}
