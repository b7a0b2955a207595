package dev.drover.server;

import dev.drover.json.JsonSchema;
import dev.drover.name.AgentName;
import dev.drover.workflow.AgentCatalog;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Knows every agent: for versions that were valid once. Whether their agents are still there shows
 * when they run.
 */
final class AnyAgent implements AgentCatalog {
  private static final Entry ANY = new Entry(JsonSchema.of(Map.of()), false, Optional.empty());

  @Override
  public Collection<AgentName> names() {
    return List.of();
  }

  @Override
  public Optional<Entry> find(AgentName name) {
    return Optional.of(ANY);
  }
}
