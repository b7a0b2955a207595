package dev.drover.run;

import dev.drover.name.NodeId;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Scope;
import dev.drover.workflow.Workflow;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a run ended. A pure function of its nodes' outcomes.
 *
 * @param reason why, in words that a person can act on
 * @param outputs those that could be computed: a failed run may give only some of them
 * @param failure of the first failed node, or of the outputs; absent if the run succeeded
 */
public record RunEnd(
    RunState state, String reason, Map<String, Object> outputs, Optional<Failure> failure) {

  /**
   * Judges a run all of whose nodes are settled.
   *
   * @param stop why it was ended before its time, if it was
   */
  public static RunEnd of(
      Workflow workflow, Map<NodeId, NodeOutcome> outcomes, Scope scope, Optional<RunStop> stop) {
    Outputs outputs = Outputs.of(workflow, scope);
    if (stop.isPresent() && isCutShort(outcomes)) {
      String reason = "%s (%s)".formatted(stop.get().reason(), counts(outcomes));
      return new RunEnd(stop.get().state(), reason, outputs.values(), Optional.empty());
    }
    for (NodeId id : workflow.nodes().keySet()) {
      if (outcomes.get(id) instanceof NodeOutcome.Failed failed
          && !workflow.node(id).continueOnError()) {
        String reason =
            "node %s failed: %s (%s)".formatted(id, failed.failure().message(), counts(outcomes));
        return new RunEnd(RunState.FAILED, reason, outputs.values(), Optional.of(failed.failure()));
      }
    }
    if (isCutShort(outcomes)) {
      return new RunEnd(RunState.CANCELLED, counts(outcomes), outputs.values(), Optional.empty());
    }
    return outputs
        .fault()
        .map(f -> new RunEnd(RunState.FAILED, f.message(), outputs.values(), outputs.fault()))
        .orElseGet(
            () ->
                new RunEnd(
                    RunState.SUCCEEDED, counts(outcomes), outputs.values(), Optional.empty()));
  }

  /** The end of a run that can't go on because of a fault in the engine or its data. */
  public static RunEnd fault(Failure failure) {
    String reason = "the run could not go on: " + failure.message();
    return new RunEnd(RunState.FAILED, reason, Map.of(), Optional.of(failure));
  }

  /** The end of a run whose own end the journal refused: FAILED, whatever it would have been. */
  static RunEnd notStorable(RunEnd refused, Throwable refusal) {
    String message = "it ended as " + refused.state() + ", but the journal refused what it gave";
    Failure failure = Failure.of(Failure.NOT_STORABLE, message, refusal);
    return new RunEnd(RunState.FAILED, message, Map.of(), Optional.of(failure));
  }

  /** The same end, with what became of the undoing. */
  public RunEnd with(String undone) {
    return new RunEnd(state, reason + "; " + undone, outputs, failure);
  }

  private static boolean isCutShort(Map<NodeId, NodeOutcome> outcomes) {
    return outcomes.values().stream().anyMatch(NodeOutcome.Cancelled.class::isInstance);
  }

  private static String counts(Map<NodeId, NodeOutcome> outcomes) {
    return outcomes.values().stream()
        .collect(Collectors.groupingBy(NodeOutcome::state, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(e -> e.getValue() + " " + e.getKey().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", ", "nodes: ", ""))
        .replace('_', ' ');
  }

  /** The outputs that could be computed, and the first that could not. */
  private record Outputs(Map<String, Object> values, Optional<Failure> fault) {
    static Outputs of(Workflow workflow, Scope scope) {
      Map<String, Object> values = new LinkedHashMap<>();
      Failure[] first = new Failure[1];
      workflow
          .outputs()
          .forEach(
              (name, template) -> {
                try {
                  values.put(name, template.evaluate(scope));
                } catch (ExpressionFailure e) {
                  if (first[0] == null) {
                    String message = "output " + name + " failed: " + e.getMessage();
                    first[0] = Failure.of(Failure.EXPRESSION, message, e);
                  }
                }
              });
      return new Outputs(values, Optional.ofNullable(first[0]));
    }
  }
}
