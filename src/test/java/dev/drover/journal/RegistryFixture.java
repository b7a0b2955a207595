package dev.drover.journal;

import dev.drover.name.AgentName;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowStore;
import dev.drover.workflow.AgentCatalog;
import dev.drover.workflow.EndpointRules;
import dev.drover.workflow.WorkflowReader;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** One server's registry, with what it deploys. */
public record RegistryFixture(
    WorkflowStore store, FakeDeployments deployments, WorkflowRegistry registry) {
  public static final WorkflowName NAME = new WorkflowName("some");

  public static RegistryFixture on(DataSource database) {
    return on(new WorkflowRows(database));
  }

  public static RegistryFixture on(WorkflowStore store) {
    WorkflowReader reader =
        new WorkflowReader(new None(), new EndpointRules(List.of("*")), cron -> Optional.empty());
    FakeDeployments deployments = new FakeDeployments();
    return new RegistryFixture(
        store, deployments, new WorkflowRegistry(reader, reader, store, deployments));
  }

  /** A workflow whose description tells its versions apart. */
  public static String yaml(String name, String description) {
    return """
    name: %s
    description: %s
    nodes:
      a:
        value: {x: 1}
    """
        .formatted(name, description);
  }

  public WorkflowRegistry.Submission submit(String description, String source) {
    return registry.submit(ProjectName.DEFAULT, source, yaml(NAME.value(), description), source);
  }

  Optional<WorkflowRegistry.Active> active() {
    return registry.active(ProjectName.DEFAULT, NAME);
  }

  /** The description of the version in force; empty text if there is none. */
  String inForce() {
    return active().map(active -> active.workflow().workflow().description()).orElse("");
  }

  private static final class None implements AgentCatalog {
    @Override
    public Collection<AgentName> names() {
      return List.of();
    }

    @Override
    public Optional<Entry> find(AgentName name) {
      return Optional.empty();
    }
  }
}
