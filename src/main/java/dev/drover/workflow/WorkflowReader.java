package dev.drover.workflow;

import dev.drover.yaml.YamlDocument;
import java.util.Optional;

/**
 * Reads workflow documents. Whatever is wrong with one is found at once, before any run: names,
 * graph, expressions and their types, agents and what they take. It holds no state and may be
 * shared.
 */
public final class WorkflowReader {
  private final AgentCatalog agents;
  private final EndpointRules endpoints;
  private final CronRules crons;

  /** {@code agents} is asked anew at each reading. */
  public WorkflowReader(AgentCatalog agents, EndpointRules endpoints, CronRules crons) {
    this.agents = agents;
    this.endpoints = endpoints;
    this.crons = crons;
  }

  /**
   * Reads one document.
   *
   * @param file the name that problems carry
   */
  public Reading read(String file, String text) {
    YamlDocument.Result document = YamlDocument.read(file, text);
    Problems problems = new Problems(file, document.problems());
    AgentCheck agentCheck = new AgentCheck(file, problems, agents);
    Optional<Workflow> workflow =
        document
            .root()
            .flatMap(root -> DocumentMap.of(problems, Grammar.WORKFLOW, root, ""))
            .flatMap(
                root ->
                    new DocumentReading(problems, agentCheck, endpoints, crons, root).workflow());
    return workflow.isPresent() && problems.isEmpty()
        ? new Reading.Valid(workflow.get(), agentCheck.warnings())
        : new Reading.Invalid(problems.inOrder());
  }
}
