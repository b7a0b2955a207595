package dev.drover.workflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every key of a workflow, and of its inputs; {@link NodeGrammar} and {@link TriggerGrammar} have
 * the others.
 */
final class Grammar {
  /** Nodes of a workflow at the most. */
  static final int MAX_NODES = 2_000;

  /** Inputs, triggers, and outputs of a workflow at the most, of each. */
  static final int MAX_ENTRIES = 200;

  static final String WORKFLOW_NAME = "[a-z0-9][a-z0-9-]{0,62}";
  static final String INPUT_NAME = "[A-Za-z][A-Za-z0-9_]{0,62}";

  static final KeyTable INPUT =
      new KeyTable(
          "an input",
          List.of(
              Key.required("type", "JSON type.", Map.of("type", List.of("string", "array"))),
              Key.optional(
                  "default", "Value if none is given; else one is required.", SchemaParts.ANY),
              Key.optional("title", "Short name.", SchemaParts.TEXT),
              Key.optional("description", "What it is for.", SchemaParts.TEXT),
              Key.optional("examples", "Values as they may be.", Map.of("type", "array")),
              Key.optional("enum", "The only values.", Map.of("type", "array")),
              Key.optional("const", "The only value.", SchemaParts.ANY),
              Key.optional("minimum", "Smallest number.", SchemaParts.NUMBER),
              Key.optional("maximum", "Largest number.", SchemaParts.NUMBER),
              Key.optional("exclusiveMinimum", "Numbers must be larger.", SchemaParts.NUMBER),
              Key.optional("exclusiveMaximum", "Numbers must be smaller.", SchemaParts.NUMBER),
              Key.optional("multipleOf", "Numbers are multiples of it.", SchemaParts.NUMBER),
              Key.optional("minLength", "Characters at the least.", SchemaParts.COUNT),
              Key.optional("maxLength", "Characters at the most.", SchemaParts.COUNT),
              Key.optional("pattern", "RE2 expression found in the text.", SchemaParts.TEXT),
              Key.optional("format", "Kind of text, such as date-time.", SchemaParts.TEXT),
              Key.optional("items", "JSON Schema of an array's items.", SchemaParts.ANY),
              Key.optional("minItems", "Items at the least.", SchemaParts.COUNT),
              Key.optional("maxItems", "Items at the most.", SchemaParts.COUNT),
              Key.optional("uniqueItems", "Whether no item may occur twice.", SchemaParts.FLAG),
              Key.optional("properties", "JSON Schemas of an object's fields.", SchemaParts.OBJECT),
              Key.optional(
                  "required",
                  "Fields that an object must have.",
                  SchemaParts.listOf(SchemaParts.TEXT)),
              Key.optional(
                  "additionalProperties", "Whether other fields may be there.", SchemaParts.ANY)),
          Set.of(),
          Set.of());

  static final KeyTable CONCURRENCY =
      new KeyTable(
          "a concurrency",
          List.of(
              Key.optional(
                  "key",
                  "Runs with the same key share the limit, with ${{ CEL }}; all runs if not given.",
                  SchemaParts.TEXT),
              Key.optional(
                  "limit",
                  "Runs at the same time; 1 if not given.",
                  SchemaParts.integer(1, Concurrency.MAX_LIMIT)),
              Key.optional(
                  "overflow",
                  "What a run beyond it does: queue (the default), drop, or replace the oldest.",
                  SchemaParts.oneOf(Concurrency.Overflow.class))),
          Set.of(),
          Set.of());

  static final KeyTable BUDGET =
      new KeyTable(
          "a budget",
          List.of(
              Key.optional(
                  "perRun", "What the agents of one run may cost.", SchemaParts.amountAboveZero()),
              Key.optional(
                  "perDay",
                  "What the agents of all its runs may cost on one day, in UTC.",
                  SchemaParts.amountAboveZero())),
          Set.of(),
          Set.of());

  static final KeyTable WORKFLOW =
      new KeyTable(
          "a workflow",
          List.of(
              Key.required("name", "Unique in its project.", SchemaParts.text(WORKFLOW_NAME)),
              Key.optional("description", "What it is for.", SchemaParts.TEXT),
              Key.optional(
                  "triggers",
                  "What opens runs.",
                  SchemaParts.listOf(TriggerGrammar.TRIGGER.schema())),
              Key.optional(
                  "inputs", "What a run takes.", SchemaParts.mapOf(INPUT_NAME, INPUT.schema())),
              Key.optional(
                  "concurrency", "How many runs go on at the same time.", CONCURRENCY.schema()),
              Key.optional(
                  "timeout",
                  "How long a run may take, waiting included, such as 30m.",
                  SchemaParts.DURATION),
              Key.optional(
                  "budget",
                  "What its agents may cost; once it is spent, no further attempt is started.",
                  BUDGET.schema()),
              Key.required("nodes", "The vertices of the graph, by id.", nodes()),
              Key.optional(
                  "outputs",
                  "What a run gives, with ${{ CEL }}.",
                  Map.of("type", "object", "maxProperties", (long) MAX_ENTRIES))),
          Set.of(),
          Set.of());

  private Grammar() {}

  private static Map<String, Object> nodes() {
    Map<String, Object> nodes =
        new LinkedHashMap<>(SchemaParts.mapOf(NodeGrammar.NODE_ID, NodeGrammar.NODE.schema()));
    nodes.put("minProperties", 1L);
    nodes.put("maxProperties", (long) MAX_NODES);
    return nodes;
  }
}
