package dev.drover.workflow;

import dev.drover.name.AgentName;

/** What a node does; a node has exactly one. */
public sealed interface Step {
  /** The word that names the kind of step in a document. */
  String kind();

  /** Runs an agent; {@code with} evaluates to its input, an object. */
  record Agent(AgentName agent, Template with) implements Step {
    @Override
    public String kind() {
      return "agent";
    }
  }

  /** Sends {@code with}, as JSON in the body, to a Camel endpoint whose URI is fixed at load. */
  record To(String uri, Template with) implements Step {
    @Override
    public String kind() {
      return "to";
    }
  }

  /** Computes its output. */
  record Value(Template value) implements Step {
    @Override
    public String kind() {
      return "value";
    }
  }
}
