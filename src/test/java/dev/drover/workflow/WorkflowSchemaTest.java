package dev.drover.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.Json;
import dev.drover.json.JsonSchema;
import dev.drover.yaml.YamlDocument;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowSchemaTest {
  private static final JsonSchema SCHEMA = JsonSchema.of(WorkflowSchema.json());

  private static Object plain(String fixture) {
    return YamlDocument.read("f", WorkflowReaderTest.fixture(fixture)).root().orElseThrow().plain();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"scan-and-notify", "n-shape", "hyphens", "guarded-trigger", "switch", "durable"})
  void validDocumentsConform(String name) {
    assertThat(SCHEMA.validate(plain("valid/" + name))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown-key",
        "keys-of-later-versions",
        "missing-keys",
        "no-nodes",
        "wrong-types",
        "two-steps",
        "bad-names",
        "duplicate-dependency",
        "triggers",
        "inputs",
        "durations-and-rules",
        "alert-options",
        "approvals",
        "budgets",
        "concurrency",
        "concurrency-limits",
        "items",
        "retries",
        "schedules",
        "sub-workflows",
        "undo",
        "waits",
      })
  void faultsOfStructureAreSeenByEditors(String name) {
    assertThat(SCHEMA.validate(plain("bad/" + name))).isNotEmpty();
  }

  @Test
  void keysAreThoseOfTheReader() {
    Map<String, Object> workflow = Json.asObject(WorkflowSchema.json().get("properties"));
    assertThat(workflow).containsOnlyKeys(Grammar.WORKFLOW.names());
    Map<String, Object> patterns =
        Json.asObject(Json.asObject(workflow.get("nodes")).get("patternProperties"));
    Map<String, Object> node = Json.asObject(patterns.values().iterator().next());
    assertThat(Json.asObject(node.get("properties"))).containsOnlyKeys(NodeGrammar.NODE.names());
  }

  @Test
  void itIsAPrintableDocumentThatDescribesEveryKey() throws Exception {
    assertThat(Json.parse(Json.print(WorkflowSchema.json()))).isEqualTo(WorkflowSchema.json());
    Json.asObject(WorkflowSchema.json().get("properties"))
        .values()
        .forEach(key -> assertThat(Json.asObject(key)).containsKey("description"));
  }
}
