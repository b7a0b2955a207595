package dev.drover.workflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every key of the workflow language. */
final class Grammar {
  /** Nodes of a workflow at the most. */
  static final int MAX_NODES = 2_000;

  /** Inputs, triggers, and outputs of a workflow at the most, of each. */
  static final int MAX_ENTRIES = 200;

  static final String INPUT_NAME = "[A-Za-z][A-Za-z0-9_]{0,62}";
  static final String WEBHOOK_PATH = "[a-z0-9-]{1,63}";
  private static final String NODE_ID = "[A-Za-z][A-Za-z0-9_-]{0,62}";
  private static final Map<String, Object> TEXT = Map.of("type", "string");
  private static final Map<String, Object> ANY = Map.of();
  private static final Map<String, Object> NUMBER = Map.of("type", "number");
  private static final Map<String, Object> COUNT = Map.of("type", "integer", "minimum", 0L);
  private static final Map<String, Object> FLAG = Map.of("type", "boolean");

  static final KeyTable MATCHER =
      new KeyTable(
          "a matcher",
          List.of(Key.required("regex", "RE2 expression that the whole value matches.", TEXT)),
          Set.of(),
          Set.of());

  static final KeyTable ALERT =
      new KeyTable(
          "an alert trigger",
          List.of(
              Key.required(
                  "match",
                  "What labels must be: a value, a list of values, or a regex. {} is any alert.",
                  mapOf(".+", matcher())),
              Key.optional(
                  "per",
                  "Whether each alert (the default) or each notification group opens a run.",
                  Map.of("enum", List.of("alert", "group")))),
          Set.of(),
          Set.of("cooldown", "onResolved"));

  static final KeyTable WEBHOOK =
      new KeyTable(
          "a webhook trigger",
          List.of(
              Key.required(
                  "path",
                  "POST /api/webhooks/<path> opens a run.",
                  Map.of("type", "string", "pattern", whole(WEBHOOK_PATH)))),
          Set.of(),
          Set.of());

  static final KeyTable MANUAL = new KeyTable("a manual trigger", List.of(), Set.of(), Set.of());

  static final KeyTable TRIGGER =
      new KeyTable(
          "a trigger",
          List.of(
              Key.optional("alert", "Alerts with these labels open runs.", ALERT.schema()),
              Key.optional("webhook", "A POST opens a run.", WEBHOOK.schema()),
              Key.optional("manual", "By hand, which is always possible.", MANUAL.schema())),
          Set.of("alert", "webhook", "manual"),
          Set.of("schedule", "event", "endpoint"));

  static final KeyTable INPUT =
      new KeyTable(
          "an input",
          List.of(
              Key.required("type", "JSON type.", Map.of("type", List.of("string", "array"))),
              Key.optional("default", "Value if none is given; else one is required.", ANY),
              Key.optional("title", "Short name.", TEXT),
              Key.optional("description", "What it is for.", TEXT),
              Key.optional("examples", "Values as they may be.", Map.of("type", "array")),
              Key.optional("enum", "The only values.", Map.of("type", "array")),
              Key.optional("const", "The only value.", ANY),
              Key.optional("minimum", "Smallest number.", NUMBER),
              Key.optional("maximum", "Largest number.", NUMBER),
              Key.optional("exclusiveMinimum", "Numbers must be larger.", NUMBER),
              Key.optional("exclusiveMaximum", "Numbers must be smaller.", NUMBER),
              Key.optional("multipleOf", "Numbers are multiples of it.", NUMBER),
              Key.optional("minLength", "Characters at the least.", COUNT),
              Key.optional("maxLength", "Characters at the most.", COUNT),
              Key.optional("pattern", "RE2 expression found in the text.", TEXT),
              Key.optional("format", "Kind of text, such as date-time.", TEXT),
              Key.optional("items", "JSON Schema of an array's items.", ANY),
              Key.optional("minItems", "Items at the least.", COUNT),
              Key.optional("maxItems", "Items at the most.", COUNT),
              Key.optional("uniqueItems", "Whether no item may occur twice.", FLAG),
              Key.optional("properties", "JSON Schemas of an object's fields.", anObject()),
              Key.optional("required", "Fields that an object must have.", listOf(TEXT)),
              Key.optional("additionalProperties", "Whether other fields may be there.", ANY)),
          Set.of(),
          Set.of());

  static final KeyTable NODE =
      new KeyTable(
          "a node",
          List.of(
              Key.optional(
                  "dependsOn", "Nodes that must be settled first.", uniqueListOf(nodeId())),
              Key.optional(
                  "runIf",
                  "When the node runs, by the states of its dependencies.",
                  Map.of("enum", RunIf.words())),
              Key.optional(
                  "when",
                  "CEL condition; the node is skipped if it is false.",
                  Map.of("type", List.of("string", "boolean"))),
              Key.optional("agent", "Runs the agent of that name.", TEXT),
              Key.optional("to", "Sends to a Camel endpoint; the URI is fixed text.", TEXT),
              Key.optional("value", "Computes the node's output.", ANY),
              Key.optional(
                  "with", "The agent's input, or the body for \"to\"; with ${{ CEL }}.", ANY),
              Key.optional(
                  "timeout",
                  "How long one execution may take, such as 90s or 1h30m.",
                  Map.of("type", "string", "pattern", "^([0-9]+(ms|s|m|h|d))+$")),
              Key.optional(
                  "continueOnError",
                  "Whether a failure counts as a success for what follows.",
                  FLAG)),
          Set.of("agent", "to", "value"),
          Set.of("retry", "forEach", "maxParallel", "undo", "approval", "wait", "workflow"));

  static final KeyTable WORKFLOW =
      new KeyTable(
          "a workflow",
          List.of(
              Key.required(
                  "name",
                  "Unique in its project.",
                  Map.of("type", "string", "pattern", "^[a-z0-9][a-z0-9-]{0,62}$")),
              Key.optional("description", "What it is for.", TEXT),
              Key.optional("triggers", "What opens runs.", listOf(TRIGGER.schema())),
              Key.optional("inputs", "What a run takes.", mapOf(INPUT_NAME, INPUT.schema())),
              Key.required("nodes", "The vertices of the graph, by id.", nodes()),
              Key.optional(
                  "outputs",
                  "What a run gives, with ${{ CEL }}.",
                  Map.of("type", "object", "maxProperties", (long) MAX_ENTRIES))),
          Set.of(),
          Set.of("schedule", "concurrency", "timeout"));

  private Grammar() {}

  private static Map<String, Object> matcher() {
    return Map.of(
        "oneOf",
        List.of(TEXT, Map.of("type", "array", "items", TEXT, "minItems", 1L), MATCHER.schema()));
  }

  private static Map<String, Object> nodes() {
    Map<String, Object> nodes = new LinkedHashMap<>(mapOf(NODE_ID, NODE.schema()));
    nodes.put("minProperties", 1L);
    nodes.put("maxProperties", (long) MAX_NODES);
    return nodes;
  }

  private static Map<String, Object> nodeId() {
    return Map.of("type", "string", "pattern", whole(NODE_ID));
  }

  private static Map<String, Object> anObject() {
    return Map.of("type", "object");
  }

  private static Map<String, Object> listOf(Map<String, Object> items) {
    return Map.of("type", "array", "items", items);
  }

  private static Map<String, Object> uniqueListOf(Map<String, Object> items) {
    return Map.of("type", "array", "items", items, "uniqueItems", true);
  }

  private static Map<String, Object> mapOf(String key, Map<String, Object> value) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("patternProperties", Map.of(whole(key), value));
    schema.put("additionalProperties", false);
    return schema;
  }

  private static String whole(String regex) {
    return "^" + regex + "$";
  }
}
