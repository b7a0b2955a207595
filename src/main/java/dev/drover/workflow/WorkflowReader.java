package dev.drover.workflow;

/** Placeholder until merged. */
public final class WorkflowReader {
  public WorkflowReader(AgentCatalog agents, EndpointRules endpoints) {}

  public Reading read(String file, String text) {
    return new Reading.Invalid(java.util.List.of());
  }
}
