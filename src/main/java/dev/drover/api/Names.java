package dev.drover.api;

import dev.drover.name.AgentName;
import dev.drover.name.NodeId;
import dev.drover.name.WorkflowName;
import dev.drover.run.RunId;
import java.util.UUID;
import java.util.function.Function;

/** Names out of requests: what is none is a bad request. */
final class Names {
  private Names() {}

  static WorkflowName workflow(String text) {
    return name(text, WorkflowName::new);
  }

  static AgentName agent(String text) {
    return name(text, AgentName::new);
  }

  static NodeId node(String text) {
    return name(text, NodeId::new);
  }

  static RunId run(String text) {
    return name(text, RunId::of);
  }

  static UUID id(String text) {
    return name(text, UUID::fromString);
  }

  private static <N> N name(String text, Function<String, N> make) {
    try {
      return make.apply(text);
    } catch (IllegalArgumentException e) {
      throw ApiProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }
}
