package dev.drover.server;

import com.fasterxml.uuid.Generators;
import dev.drover.agent.AgentRuntime;
import dev.drover.agent.Agents;
import dev.drover.agent.AttemptFolders;
import dev.drover.agent.DaggerRuntime;
import dev.drover.agent.ProcessRuntime;
import dev.drover.agent.RuntimeSettings;
import dev.drover.agent.SandboxRuntime;
import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.artifact.Artifacts;
import dev.drover.journal.DatabaseClock;
import dev.drover.journal.PostgresJournal;
import dev.drover.journal.RunRows;
import dev.drover.journal.ServerLease;
import dev.drover.journal.WorkflowRows;
import dev.drover.route.AgentComponent;
import dev.drover.route.CamelDeployments;
import dev.drover.route.ChildRuns;
import dev.drover.route.DroverComponent;
import dev.drover.route.Parts;
import dev.drover.run.Journal;
import dev.drover.run.Lease;
import dev.drover.run.LoggedListener;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunListener;
import dev.drover.run.RunQueries;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowStore;
import dev.drover.telemetry.JournalMetrics;
import dev.drover.telemetry.MeteredDeployments;
import dev.drover.telemetry.RunMetrics;
import dev.drover.telemetry.Telemetry;
import dev.drover.workflow.EndpointRules;
import dev.drover.workflow.WorkflowReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The engine: agents, workflows, journal, dispatcher. */
@Configuration(proxyBeanMethods = false)
class EngineWiring {
  /** The database's clock: servers whose own clocks differ agree on when something is due. */
  @Bean
  DatabaseClock clock() {
    return new DatabaseClock();
  }

  @Bean
  Supplier<UUID> ids() {
    return Generators.timeBasedEpochGenerator()::generate;
  }

  @Bean
  Pools pools() {
    return Pools.start();
  }

  @Bean(destroyMethod = "close")
  AgentRuntime agentRuntime(Settings settings, Pools pools, Clock clock, DaggerEngine dagger) {
    List<Path> roots = settings.agentLimits().mountRoots();
    RuntimeSettings local =
        new RuntimeSettings(
            new RuntimeSettings.Libraries(
                AgentLibraries.classpath(),
                Optional.of(settings.dataDir().resolve("agent-classes"))),
            roots.isEmpty() ? List.of(Path.of("").toAbsolutePath()) : roots,
            new EnvironmentSecrets(System.getenv()),
            settings.agentLimits().most(),
            clock,
            settings.runs().leash(),
            settings.ownFolders());
    if (settings.runtime() == Settings.RuntimeChoice.DAGGER) {
      DaggerRuntime.Egress egress = settings.dagger().engineEgress();
      return new DaggerRuntime(local, dagger, egress, pools.tokens());
    }
    if (!IsolationRule.isolates(settings.runtime(), settings.bind(), SandboxRuntime::unavailable)) {
      return new ProcessRuntime(local, pools.tokens());
    }
    return new SandboxRuntime(local, pools.tokens());
  }

  @Bean
  Agents agents(AgentRuntime runtime, Pools pools, AttemptFolders folders) {
    return new Agents(runtime, pools.tokens(), folders);
  }

  @Bean
  ServerLease lease(
      Settings settings,
      DataSource database,
      Flyway migrated,
      Supplier<UUID> ids,
      DatabaseClock clock) {
    ServerLease.Settings leasing =
        new ServerLease.Settings(
            "%s:%d".formatted(settings.bind(), settings.port()),
            settings.runs().lease(),
            settings.embedded(),
            ids);
    ServerLease lease = new ServerLease(database, leasing, clock);
    Lease.Renewal unused = lease.renew();
    return lease;
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  PostgresJournal journal(
      DataSource database, ServerLease lease, Pools pools, JournalMetrics metrics) {
    return new PostgresJournal(database, lease, pools.tokens(), metrics);
  }

  @Bean
  RunQueries runQueries(DataSource database) {
    return new RunRows(database);
  }

  @Bean
  WorkflowStore workflowStore(DataSource database, Flyway migrated) {
    return new WorkflowRows(database);
  }

  @Bean
  CamelDeployments deployments(
      CamelContext camel,
      Pools pools,
      Agents agents,
      ChildRuns children,
      RunListener listener,
      Clock clock,
      Telemetry telemetry,
      Parts parts) {
    camel.addComponent(DroverComponent.SCHEME, new DroverComponent());
    camel.addComponent(
        AgentComponent.SCHEME,
        new AgentComponent(agents, new LoggedListener(listener), clock, telemetry.tracing()));
    CamelDeployments.Pools threads =
        new CamelDeployments.Pools(pools.tokens(), telemetry.clean(pools.calls()));
    return new CamelDeployments(camel, threads, agents, children, parts);
  }

  @Bean
  Parts parts(Journal journal, RunListener listener, Clock clock, Artifacts artifacts) {
    return new Parts(journal, listener, clock, artifacts);
  }

  /** The registry deploys into the routes that ask it for workflows: hence asked when needed. */
  @Bean
  ChildRuns childRuns(ObjectProvider<WorkflowRegistry> workflows, Supplier<UUID> ids) {
    return new CurrentWorkflows(workflows, ids);
  }

  @Bean
  WorkflowRegistry workflowRegistry(
      Settings settings,
      Agents agents,
      WorkflowStore store,
      CamelDeployments deployments,
      RunMetrics metrics) {
    EndpointRules endpoints = new EndpointRules(settings.endpoints().allowed());
    return new WorkflowRegistry(
        new WorkflowReader(new RegisteredAgents(agents), endpoints, new SpringCron()),
        new WorkflowReader(new AnyAgent(), endpoints, new SpringCron()),
        store,
        new MeteredDeployments(deployments, metrics));
  }

  @Bean(destroyMethod = "close")
  RunDispatcher dispatcher(
      Journal journal,
      ServerLease lease,
      WorkflowRegistry workflows,
      CamelDeployments deployments,
      RunDispatcher.Carrying carrying,
      RunListener listener) {
    return new RunDispatcher(journal, lease, workflows, deployments, listener, carrying);
  }

  @Bean
  RunDispatcher.Carrying carrying(
      Settings settings, Pools pools, AgentRuntime agents, Clock clock) {
    return new RunDispatcher.Carrying(
        Pools.scheduler("dispatcher", 4),
        pools.tokens(),
        clock,
        settings.runs().maxInFlight(),
        agents::leaseRenewed);
  }
}
