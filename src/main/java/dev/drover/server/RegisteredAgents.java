package dev.drover.server;

import dev.drover.agent.AgentStatus;
import dev.drover.agent.Agents;
import dev.drover.agent.Availability;
import dev.drover.name.AgentName;
import dev.drover.workflow.AgentCatalog;
import java.util.Collection;
import java.util.Optional;

/** The registry of agents as the workflow language sees it. */
record RegisteredAgents(Agents agents) implements AgentCatalog {
  @Override
  public Collection<AgentName> names() {
    return agents.all().stream().map(a -> a.manifest().name()).toList();
  }

  @Override
  public Optional<Entry> find(AgentName name) {
    return agents.find(name).map(a -> new Entry(a.manifest().input(), unavailable(a)));
  }

  private static Optional<String> unavailable(AgentStatus agent) {
    return agent.availability() instanceof Availability.Unavailable unavailable
        ? Optional.of(unavailable.reason())
        : Optional.empty();
  }
}
