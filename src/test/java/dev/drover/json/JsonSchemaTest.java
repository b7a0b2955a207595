package dev.drover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonSchemaTest {
  private static JsonSchema schema(String json) {
    return JsonSchema.of(Json.asObject(Json.parseTrusted(json)));
  }

  @Test
  void faultsNameTheirPath() {
    JsonSchema schema =
        schema(
            "{\"type\": \"object\", \"required\": [\"a\"], \"additionalProperties\": false,"
                + " \"properties\": {\"a\": {\"type\": \"array\", \"items\": {\"type\": \"integer\"}}}}");
    assertThat(schema.validate(Map.of("a", List.of(1L)))).isEmpty();
    assertThat(schema.validate(Map.of("a", List.of(1L, "x"))))
        .containsExactly("$.a[1]: string found, integer expected");
    assertThat(schema.faults(Map.of("a", List.of(1L, "x"))))
        .containsExactly(
            new JsonSchema.Fault(
                List.of("a", 1),
                "type",
                Optional.empty(),
                false,
                "string found, integer expected"));
    assertThat(schema.faults(Map.of("b", 1L)))
        .extracting(JsonSchema.Fault::keyword)
        .containsExactlyInAnyOrder("required", "additionalProperties");
  }

  @Test
  void conditionsAreMarked() {
    assertThat(schema("{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}").faults(1L))
        .isNotEmpty()
        .allMatch(JsonSchema.Fault::conditional);
  }

  @Test
  void brokenSchemasAreRefused() {
    for (String json :
        List.of(
            "{\"type\": \"strin\"}",
            "{\"minimum\": \"x\"}",
            "{\"properties\": []}",
            "{\"pattern\": \"(\"}",
            "{\"pattern\": \"(?=x)\"}")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> schema(json).validate("x"))
          .withMessageContaining("not a JSON Schema");
    }
  }

  @Test
  void otherDocumentsAreNotLoaded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schema("{\"$ref\": \"https://example.org/schema\"}"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schema("{\"$ref\": \"file:///etc/passwd\"}"));
  }

  @Test
  void aSchemaThatNeverEndsIsAnErrorOfItsAuthor() {
    assertThatIllegalArgumentException().isThrownBy(() -> schema("{\"$ref\": \"#\"}").validate(1L));
    String hidden = "{\"$ref\":\"#/%24defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/%24defs/a\"}}}";
    assertThatIllegalArgumentException().isThrownBy(() -> schema(hidden).validate(1L));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                schema(
                        "{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"allOf\":"
                            + " [{\"$ref\": \"#/$defs/a\"}]}}, \"$ref\": \"#/$defs/a\"}")
                    .validate(1L));
  }

  @Test
  void schemasOfTreesAreFine() {
    JsonSchema tree =
        schema(
            "{\"type\": \"object\", \"properties\": {\"left\": {\"$ref\": \"#\"},"
                + " \"right\": {\"$ref\": \"#/$defs/a~1b\"}},"
                + " \"$defs\": {\"a/b\": {\"anyOf\": [{\"$ref\": \"#\"}, {\"type\": \"null\"}]}}}");
    assertThat(tree.validate(Map.of("left", Map.of("right", Map.of())))).isEmpty();
    assertThat(tree.validate(Map.of("left", Map.of("right", 5L)))).isNotEmpty();
  }

  @Test
  void patternsTakeLinearTime() {
    long start = System.nanoTime();
    assertThat(schema("{\"pattern\": \"^(a+)+$\"}").validate("a".repeat(10_000) + "b")).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }
}
