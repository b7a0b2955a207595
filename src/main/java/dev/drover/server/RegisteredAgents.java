package dev.drover.server;

import dev.drover.agent.AgentManifest;
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
    return agents.find(name).map(RegisteredAgents::entry);
  }

  private static Entry entry(AgentStatus agent) {
    AgentManifest manifest = agent.manifest();
    boolean once = manifest.effect() == AgentManifest.Effect.ONCE;
    return new Entry(manifest.input(), once, unavailable(agent));
  }

  private static Optional<String> unavailable(AgentStatus agent) {
    return agent.availability() instanceof Availability.Unavailable unavailable
        ? Optional.of(unavailable.reason())
        : Optional.empty();
  }
}
