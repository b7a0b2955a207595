package dev.drover.workflow;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every key of a node. */
final class NodeGrammar {
  static final String NODE_ID = "[A-Za-z][A-Za-z0-9_-]{0,62}";

  /** The largest factor by which pauses between attempts may grow. */
  static final double MAX_FACTOR = 100;

  /** Keys of which each stands for a kind of node. */
  static final Set<String> KINDS = Set.of("agent", "to", "value", "workflow", "approval", "wait");

  static final KeyTable RETRY =
      new KeyTable(
          "a retry",
          List.of(
              Key.optional(
                  "attempts", "All tries, the first included; 3 if not given.", attempts()),
              Key.optional("delay", "Pause before the second try; 1s.", SchemaParts.DURATION),
              Key.optional(
                  "factor",
                  "By which each further pause is longer; 2.",
                  SchemaParts.number(1, MAX_FACTOR)),
              Key.optional("maxDelay", "What no pause exceeds; 5m.", SchemaParts.DURATION),
              Key.optional(
                  "jitter",
                  "Part of a pause by which it may be shorter or longer; 0.2.",
                  SchemaParts.number(0, 1)),
              Key.optional(
                  "on",
                  "What is tried again; both if not given.",
                  SchemaParts.nonEmptyListOf(SchemaParts.oneOf(Retry.On.class)))),
          Set.of(),
          Set.of());

  static final KeyTable UNDO =
      new KeyTable(
          "an undo",
          List.of(
              Key.optional("agent", "Runs the agent of that name.", SchemaParts.TEXT),
              Key.optional("to", "Sends to a Camel endpoint.", SchemaParts.TEXT),
              Key.optional("with", "As for a node; it may read the node itself.", SchemaParts.ANY),
              Key.optional("timeout", "How long it may take.", SchemaParts.DURATION)),
          Set.of("agent", "to"),
          Set.of());

  static final KeyTable APPROVAL =
      new KeyTable(
          "an approval",
          List.of(
              Key.required("message", "What a person is asked, with ${{ CEL }}.", SchemaParts.TEXT),
              Key.optional("timeout", "How long; for ever if not given.", SchemaParts.DURATION),
              Key.optional(
                  "onTimeout",
                  "What it becomes then: reject (the default) or approve.",
                  SchemaParts.oneOf(Step.OnTimeout.class))),
          Set.of(),
          Set.of());

  static final KeyTable WAIT =
      new KeyTable(
          "a wait",
          List.of(
              Key.optional(
                  "for",
                  "How long, such as 10m, or ${{ CEL }} that gives that or seconds.",
                  SchemaParts.TEXT),
              Key.optional(
                  "until",
                  "resolved: until the alert of the run is over.",
                  SchemaParts.oneOf(StepDraft.Until.class)),
              Key.optional(
                  "timeout",
                  "How long to wait for it; for ever if not given.",
                  SchemaParts.DURATION)),
          Set.of("for", "until"),
          Set.of());

  static final KeyTable NODE =
      new KeyTable(
          "a node",
          List.of(
              Key.optional(
                  "dependsOn",
                  "Nodes that must be settled first.",
                  SchemaParts.uniqueListOf(SchemaParts.text(NODE_ID))),
              Key.optional(
                  "runIf",
                  "When the node runs, by the states of its dependencies.",
                  Map.of("enum", RunIf.words())),
              Key.optional(
                  "when",
                  "CEL condition; the node is skipped if it is false.",
                  Map.of("type", List.of("string", "boolean"))),
              Key.optional("agent", "Runs the agent of that name.", SchemaParts.TEXT),
              Key.optional(
                  "to", "Sends to a Camel endpoint; the URI is fixed text.", SchemaParts.TEXT),
              Key.optional("value", "Computes the node's output.", SchemaParts.ANY),
              Key.optional(
                  "workflow",
                  "Runs another workflow of the project and waits for its end.",
                  SchemaParts.text(Grammar.WORKFLOW_NAME)),
              Key.optional("approval", "Waits until a person decides.", APPROVAL.schema()),
              Key.optional("wait", "Waits for a time or for the alert's end.", WAIT.schema()),
              Key.optional(
                  "with",
                  "Input of the agent or workflow, or the body for \"to\"; with ${{ CEL }}.",
                  SchemaParts.ANY),
              Key.optional(
                  "forEach",
                  "A list, or ${{ CEL }} that gives one: the node works once for each item.",
                  Map.of("type", List.of("string", "array"))),
              Key.optional(
                  "maxParallel",
                  "Items at the same time; 10 if not given.",
                  SchemaParts.integer(1, ForEach.MAX_PARALLEL)),
              Key.optional(
                  "timeout",
                  "How long one attempt may take, such as 90s or 1h30m.",
                  SchemaParts.DURATION),
              Key.optional(
                  "retry",
                  "How often a failure is tried again: a number of attempts, or a map.",
                  SchemaParts.either(List.of(attempts(), RETRY.schema()))),
              Key.optional(
                  "undo",
                  "What takes the node's success back if the run fails or is cancelled.",
                  UNDO.schema()),
              Key.optional(
                  "continueOnError",
                  "Whether a failure counts as a success for what follows.",
                  SchemaParts.FLAG)),
          KINDS,
          Set.of());

  private NodeGrammar() {}

  private static Map<String, Object> attempts() {
    return SchemaParts.integer(1, Retry.MAX_ATTEMPTS);
  }
}
