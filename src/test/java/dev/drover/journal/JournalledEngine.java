package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.uuid.Generators;
import dev.drover.TestDatabase;
import dev.drover.agent.Agents;
import dev.drover.agent.ProcessRuntime;
import dev.drover.agent.RuntimeSettings;
import dev.drover.agent.Secrets;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.route.CamelDeployments;
import dev.drover.route.DroverComponent;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.Journal;
import dev.drover.run.NodeState;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunQueries.NodeView;
import dev.drover.run.RunQueries.RunView;
import dev.drover.run.RunRequest;
import dev.drover.run.RunState;
import dev.drover.run.VersionId;
import dev.drover.run.WorkflowRegistry;
import dev.drover.workflow.AgentCatalog;
import dev.drover.workflow.EndpointRules;
import dev.drover.workflow.WorkflowReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;

/** Journal, dispatcher and routes on a test's database, with endpoints that hold and that fail. */
final class JournalledEngine implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final ExecutorService tokens = Executors.newFixedThreadPool(8);
  private final ExecutorService calls = Executors.newFixedThreadPool(64);
  private final PostgresJournal journal;
  private final RunRows runs;
  private final WorkflowRegistry workflows;
  private final RunDispatcher dispatcher;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();

  JournalledEngine(TestDatabase database, RunListener listener) throws Exception {
    Clock clock = Clock.systemUTC();
    journal = new PostgresJournal(database.dataSource(), UUID.randomUUID(), tokens);
    runs = new RunRows(database.dataSource());
    RuntimeSettings settings =
        new RuntimeSettings(List.of(), List.of(Path.of("/tmp")), Secrets.NONE, 4, clock);
    Agents agents = new Agents(new ProcessRuntime(settings, tokens), tokens);
    camel.addComponent(DroverComponent.SCHEME, new DroverComponent());
    camel.disableJMX();
    camel.getShutdownStrategy().setTimeout(2); // an Error in a route leaves Camel's count too high
    camel.getComponent("direct", DirectComponent.class).setBlock(false); // as in application.yml
    CamelDeployments deployments =
        new CamelDeployments(
            camel, new CamelDeployments.Pools(tokens, calls), agents, journal, listener, clock);
    WorkflowReader reader =
        new WorkflowReader(
            new NoAgents(), new EndpointRules(List.of("*")), cron -> Optional.empty());
    workflows =
        new WorkflowRegistry(reader, reader, new WorkflowRows(database.dataSource()), deployments);
    dispatcher =
        new RunDispatcher(
            journal,
            workflows,
            deployments,
            listener,
            clock,
            new RunDispatcher.Carrying(Executors.newSingleThreadScheduledExecutor(), 1_000));
    camel.addRoutes(endpoints());
    camel.start();
    journal.start();
    workflows.restore();
    dispatcher.start();
  }

  static JournalledEngine on(TestDatabase database) throws Exception {
    return new JournalledEngine(database, new Silence());
  }

  DeployedWorkflow deploy(String yaml) {
    WorkflowRegistry.Submission submission =
        workflows.submit(ProjectName.DEFAULT, "test.yaml", yaml, WorkflowRegistry.API);
    assertThat(submission).isInstanceOf(WorkflowRegistry.Submission.Accepted.class);
    return ((WorkflowRegistry.Submission.Accepted) submission).workflow();
  }

  RunId open(DeployedWorkflow workflow) {
    UUID id = Generators.timeBasedEpochGenerator().generate();
    dispatcher.open(request(new RunId(id), workflow)).orTimeout(10, TimeUnit.SECONDS).join();
    return new RunId(id);
  }

  static RunRequest request(RunId id, DeployedWorkflow workflow) {
    return new RunRequest(
        id,
        workflow.project(),
        workflow.workflow().name(),
        workflow.version(),
        "test/" + id,
        Map.of("type", "manual", "manual", Map.of()),
        Map.of());
  }

  /** Waits until the run has ended so. */
  RunView awaitEnd(RunId run, RunState state) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions() // the database may be away
        .untilAsserted(() -> assertThat(run(run).state()).as(run(run).reason()).isEqualTo(state));
    return run(run);
  }

  RunView run(RunId run) {
    return runs.find(ProjectName.DEFAULT, run).orElseThrow();
  }

  NodeView node(RunId run, String node) {
    return runs.nodes(run).stream()
        .filter(n -> n.id().equals(new NodeId(node)))
        .findFirst()
        .orElseThrow();
  }

  /** Waits until so many calls are at {@code direct:hold}. */
  void awaitHeld(int count) {
    await().atMost(SOON).until(() -> held.get() >= count);
  }

  /** Lets all calls at {@code direct:hold} go. */
  void letGo() {
    gate.countDown();
  }

  /** How often {@code direct:nul} was called. */
  int failed() {
    return failed.get();
  }

  Journal journal() {
    return journal;
  }

  RunDispatcher dispatcher() {
    return dispatcher;
  }

  DefaultCamelContext camel() {
    return camel;
  }

  private RouteBuilder endpoints() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("direct:hold")
            .process(
                exchange -> {
                  held.incrementAndGet();
                  gate.await(30, TimeUnit.SECONDS);
                });
        from("direct:error")
            .process(
                exchange -> {
                  throw new AssertionError("not so", new IllegalStateException("the cause"));
                });
        from("direct:nul")
            .process(
                exchange -> {
                  failed.incrementAndGet();
                  throw new IllegalStateException("a NUL: \0 in it");
                });
      }
    };
  }

  @Override
  public void close() {
    dispatcher.close();
    gate.countDown();
    camel.stop();
    journal.close();
    tokens.shutdownNow();
    calls.shutdownNow();
  }

  private static final class NoAgents implements AgentCatalog {
    @Override
    public Collection<dev.drover.name.AgentName> names() {
      return List.of();
    }

    @Override
    public Optional<Entry> find(dev.drover.name.AgentName name) {
      return Optional.empty();
    }
  }

  private static final class Silence implements RunListener {
    @Override
    public void nodeSettled(VersionId version, NodeId node, NodeState state, Duration took) {}

    @Override
    public void attemptEnded(String agent, String runtime, NodeState state) {}

    @Override
    public void runEnded(RunId run, VersionId version, RunState state, Duration took) {}
  }
}
