package dev.drover.route;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.drover.TestDatabase;
import dev.drover.agent.Agents;
import dev.drover.agent.ProcessRuntime;
import dev.drover.agent.RuntimeSettings;
import dev.drover.agent.Secrets;
import dev.drover.journal.PostgresJournal;
import dev.drover.journal.RunRows;
import dev.drover.journal.WorkflowRows;
import dev.drover.json.JsonSchema;
import dev.drover.name.AgentName;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.NodeState;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunQueries;
import dev.drover.run.RunQueries.NodeView;
import dev.drover.run.RunRequest;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Submission;
import dev.drover.workflow.AgentCatalog;
import dev.drover.workflow.EndpointRules;
import dev.drover.workflow.WorkflowReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The engine without its HTTP face: Camel, a real journal, and a way to die and come back. */
public final class Engine implements AutoCloseable {
  /** The project that everything is in. */
  public static final ProjectName PROJECT = ProjectName.DEFAULT;

  private final DataSource database;
  private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
  private final ExecutorService tokens = Executors.newFixedThreadPool(8);
  private final ExecutorService calls = Executors.newFixedThreadPool(8);
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final PostgresJournal journal;
  private final WorkflowRegistry workflows;
  private final RunDispatcher dispatcher;
  private final RunQueries runs;

  /** An engine on the database; {@code listener} hears what happens. */
  public Engine(DataSource database, int maxInFlight, RunListener listener) throws Exception {
    this.database = database;
    this.journal = new PostgresJournal(database, UUID.randomUUID(), tokens);
    this.runs = new RunRows(database);
    RuntimeSettings settings =
        new RuntimeSettings(
            List.of(), List.of(Path.of("").toAbsolutePath()), Secrets.NONE, 4, Clock.systemUTC());
    Agents agents = new Agents(new ProcessRuntime(settings, tokens), tokens);
    camel.addComponent(DroverComponent.SCHEME, new DroverComponent());
    camel.addComponent(AgentComponent.SCHEME, new AgentComponent(agents, listener));
    camel.disableJMX();
    camel.getShutdownStrategy().setTimeout(1);
    CamelDeployments deployments =
        new CamelDeployments(
            camel,
            new CamelDeployments.Pools(tokens, calls),
            agents,
            journal,
            listener,
            Clock.systemUTC());
    WorkflowReader reader =
        new WorkflowReader(
            new NoAgents(), new EndpointRules(List.of("*")), cron -> Optional.empty());
    this.workflows = new WorkflowRegistry(reader, reader, new WorkflowRows(database), deployments);
    this.dispatcher =
        new RunDispatcher(
            journal,
            workflows,
            deployments,
            listener,
            Clock.systemUTC(),
            new RunDispatcher.Carrying(thread, maxInFlight));
  }

  /** An engine that is started. */
  public static Engine on(TestDatabase database) throws Exception {
    return on(database.dataSource(), new CountingListener());
  }

  /** An engine that is started, and told to the listener. */
  public static Engine on(DataSource database, RunListener listener) throws Exception {
    Engine engine = new Engine(database, 1_000, listener);
    engine.camel.addRoutes(new Endpoints());
    return engine.start();
  }

  /** Starts to take runs up. */
  public Engine start() throws Exception {
    camel.start();
    journal.start();
    workflows.restore();
    dispatcher.start();
    return this;
  }

  /** Puts a workflow in force. */
  public DeployedWorkflow deploy(String yaml) {
    Submission submission = workflows.submit(PROJECT, "test.yaml", yaml, "api");
    if (submission instanceof Submission.Rejected rejected) {
      throw new IllegalArgumentException(rejected.problems() + "\n" + yaml);
    }
    return ((Submission.Accepted) submission).workflow();
  }

  /** Takes all workflows out of force. */
  public void retire() {
    workflows.retire(PROJECT, "api");
  }

  /** Takes versions away whose runs have ended. */
  public void removeDrained() {
    workflows.removeDrained(journal);
  }

  /** Opens a run and waits until that is durable. */
  public RunId open(DeployedWorkflow workflow, Map<String, Object> inputs) {
    return opening(workflow, inputs).join();
  }

  /** Opens a run; done when that is durable. */
  public CompletableFuture<RunId> opening(DeployedWorkflow workflow, Map<String, Object> inputs) {
    return opening(new RunId(ids.generate()), workflow, inputs);
  }

  /** Opens a run under an id that the caller chose. */
  public CompletableFuture<RunId> opening(
      RunId id, DeployedWorkflow workflow, Map<String, Object> inputs) {
    RunRequest request =
        new RunRequest(
            id,
            workflow.project(),
            workflow.workflow().name(),
            workflow.version(),
            "test/" + id,
            Map.of("type", "manual", "manual", Map.of()),
            workflow.workflow().inputs().complete(inputs));
    return dispatcher.open(request).thenApply(opened -> request.id());
  }

  /** How many routes there are. */
  public int routes() {
    return camel.getRoutes().size();
  }

  /** How many endpoints there are. */
  public int endpoints() {
    return camel.getEndpoints().size();
  }

  /** The dispatcher. */
  public RunDispatcher dispatcher() {
    return dispatcher;
  }

  /** The run as the journal has it. */
  public RunQueries.RunView run(RunId id) {
    return runs.find(PROJECT, id).orElseThrow();
  }

  /** The states of its nodes as the journal has them. */
  public Map<NodeId, NodeState> states(RunId id) {
    return runs.nodes(id).stream().collect(Collectors.toMap(NodeView::id, NodeView::state));
  }

  /** How many runs are not over. */
  public int live() {
    return JdbcClient.create(database)
        .sql("select count(*) from run where state in ('QUEUED', 'RUNNING', 'WAITING')")
        .query(Integer.class)
        .single();
  }

  /** Dies as a killed process would: nothing more is written, nobody is told. */
  public void die() {
    tokens.shutdownNow();
    calls.shutdownNow();
    close();
  }

  @Override
  public void close() {
    dispatcher.close();
    thread.shutdownNow();
    camel.stop();
    journal.close();
    tokens.shutdownNow();
    calls.shutdownNow();
  }

  /** Endpoints for {@code to} nodes: one echoes, one fails. */
  private static final class Endpoints extends RouteBuilder {
    @Override
    public void configure() {
      from("direct:echo").routeId("echo").log("echo");
      from("direct:boom").routeId("boom").throwException(new IllegalStateException("boom"));
    }
  }

  private static final class NoAgents implements AgentCatalog {
    @Override
    public Collection<AgentName> names() {
      return List.of();
    }

    @Override
    public Optional<Entry> find(AgentName name) {
      return Optional.of(new Entry(JsonSchema.of(Map.of()), false, Optional.empty()));
    }
  }
}
