package dev.drover.workflow;

import dev.drover.json.JsonSchema;
import dev.drover.name.AgentName;
import java.util.Collection;
import java.util.Optional;

/** What the language needs to know of the agents that are registered. */
public interface AgentCatalog {
  /** The names of all registered agents. */
  Collection<AgentName> names();

  /** The agent, if it is registered. */
  Optional<Entry> find(AgentName name);

  /**
   * One agent.
   *
   * @param once whether it must never be started twice for the same work
   * @param unavailable why it can't run here, if it can't
   */
  record Entry(JsonSchema input, boolean once, Optional<String> unavailable) {}
}
