package dev.drover.agent;

import dev.drover.yaml.Problem;
import java.util.List;

/**
 * A registered agent.
 *
 * @param manifest the one in force
 * @param problems of a newer manifest that could not be taken; the older one stays in force
 */
public record AgentStatus(
    AgentManifest manifest, Availability availability, List<Problem> problems) {
  public AgentStatus {
    problems = List.copyOf(problems);
  }
}
