package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.drover.TestDatabase;
import dev.drover.agent.Agents;
import dev.drover.agent.ProcessRuntime;
import dev.drover.agent.RuntimeSettings;
import dev.drover.agent.Secrets;
import dev.drover.artifact.Artifacts;
import dev.drover.artifact.FolderStore;
import dev.drover.journal.ArtifactRows;
import dev.drover.journal.DatabaseClock;
import dev.drover.journal.PostgresJournal;
import dev.drover.journal.RunRows;
import dev.drover.journal.ServerLease;
import dev.drover.journal.WorkflowRows;
import dev.drover.json.JsonSchema;
import dev.drover.name.AgentName;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.NodeItem;
import dev.drover.run.NodeState;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunQueries;
import dev.drover.run.RunQueries.NodeView;
import dev.drover.run.RunRequest;
import dev.drover.run.RunState;
import dev.drover.run.Signal;
import dev.drover.run.Slot;
import dev.drover.run.Tracing;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Submission;
import dev.drover.workflow.AgentCatalog;
import dev.drover.workflow.EndpointRules;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.WorkflowReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The engine without its HTTP face: Camel, a real journal, and a way to die and come back. */
public final class Engine implements AutoCloseable {
  /** The project that everything is in. */
  public static final ProjectName PROJECT = ProjectName.DEFAULT;

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration SOON = Duration.ofSeconds(30);

  private final DataSource database;
  private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
  private final ExecutorService tokens = Executors.newFixedThreadPool(8);
  private final ExecutorService calls = Executors.newFixedThreadPool(64);
  private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(4);
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final DatabaseClock clock = new DatabaseClock();
  private final ServerLease lease;
  private final PostgresJournal journal;
  private final Agents agents;
  private final WorkflowRegistry workflows;
  private final RunDispatcher dispatcher;
  private final RunQueries runs;
  private final Endpoints endpoints = new Endpoints();
  private final Tracing tracing;

  /**
   * How an engine is set up.
   *
   * @param lease how long its lease lasts without a sign of life
   */
  public record Options(int maxInFlight, Duration lease, RunListener listener, Tracing tracing) {
    /** Without traces. */
    public Options(int maxInFlight, Duration lease, RunListener listener) {
      this(maxInFlight, lease, listener, Tracing.OFF);
    }

    /** What most tests want. */
    public static final Options USUAL =
        new Options(1_000, Duration.ofSeconds(6), new CountingListener());

    /** The same, told to another listener. */
    public Options telling(RunListener other) {
      return new Options(maxInFlight, lease, other, tracing);
    }

    /** The same with traces. */
    public Options traced(Tracing other) {
      return new Options(maxInFlight, lease, listener, other);
    }
  }

  /** An engine on the database that has yet to be started. */
  public Engine(DataSource database, Options options) throws Exception {
    this.database = database;
    this.tracing = options.tracing();
    threads.setRemoveOnCancelPolicy(true);
    ServerLease.Settings leasing =
        new ServerLease.Settings("test", options.lease(), false, ids::generate);
    this.lease = new ServerLease(database, leasing, clock);
    var unused = lease.renew();
    this.journal = new PostgresJournal(database, lease, tokens);
    this.runs = new RunRows(database);
    RuntimeSettings settings =
        new RuntimeSettings(
            List.of(), List.of(Path.of("").toAbsolutePath()), Secrets.NONE, 4, clock);
    this.agents = new Agents(new ProcessRuntime(settings, tokens), tokens);
    camel.addComponent(DroverComponent.SCHEME, new DroverComponent());
    camel.addComponent(
        AgentComponent.SCHEME,
        new AgentComponent(agents, options.listener(), clock, options.tracing()));
    camel.disableJMX();
    camel.getShutdownStrategy().setTimeout(1);
    camel.getComponent("direct", DirectComponent.class).setBlock(false); // as in application.yml
    CamelDeployments deployments =
        new CamelDeployments(
            camel,
            new CamelDeployments.Pools(tokens, calls),
            agents,
            new Children(),
            new Parts(journal, options.listener(), clock, artifacts()));
    WorkflowReader reader =
        new WorkflowReader(
            new NoAgents(), new EndpointRules(List.of("*")), cron -> Optional.empty());
    this.workflows = new WorkflowRegistry(reader, reader, new WorkflowRows(database), deployments);
    this.dispatcher =
        new RunDispatcher(
            journal,
            lease,
            workflows,
            deployments,
            options.listener(),
            new RunDispatcher.Carrying(threads, tokens, clock, options.maxInFlight(), asked -> {}));
  }

  private Artifacts artifacts() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "drover-test-artifacts");
    return new Artifacts(new ArtifactRows(database), new FolderStore(folder), ids::generate, clock);
  }

  /** An engine that is started. */
  public static Engine on(TestDatabase database) throws Exception {
    return on(database.dataSource(), Options.USUAL);
  }

  /** An engine that is started, and told to the listener. */
  public static Engine on(DataSource database, RunListener listener) throws Exception {
    return on(database, Options.USUAL.telling(listener));
  }

  /** An engine that is started. */
  public static Engine on(DataSource database, Options options) throws Exception {
    return new Engine(database, options).start();
  }

  /** Starts to take runs up. */
  public Engine start() throws Exception {
    camel.addRoutes(endpoints);
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

  /** Opens a run without inputs and waits until that is durable. */
  public RunId open(DeployedWorkflow workflow) {
    return open(workflow, Map.of());
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
                workflow.workflow().inputs().complete(inputs))
            .traced(tracing.own(id, Optional.empty()));
    try {
      request =
          request.holding(
              Slot.of(workflow.workflow(), PROJECT, request.trigger(), request.inputs()));
    } catch (ExpressionFailure e) {
      throw new IllegalStateException(e);
    }
    RunId opened = id;
    return dispatcher.open(request).thenApply(isNew -> opened);
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

  /** The journal. */
  public PostgresJournal journal() {
    return journal;
  }

  /** The agents; none is registered. */
  public Agents agents() {
    return agents;
  }

  /** Its routes. */
  public DefaultCamelContext camel() {
    return camel;
  }

  /** What has been called. */
  public Endpoints calls() {
    return endpoints;
  }

  /** Tells a run something, as the API or an alert does. */
  public void tell(Signal signal) {
    journal.tell(signal).orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** The run as the journal has it. */
  public RunQueries.RunView run(RunId id) {
    return runs.find(PROJECT, id).orElseThrow();
  }

  /** Waits until the run is in the state. */
  public RunQueries.RunView await(RunId run, RunState state) {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions() // the database may be away
        .untilAsserted(() -> assertThat(run(run).state()).as(run(run).reason()).isEqualTo(state));
    return run(run);
  }

  /** A node of the run as the journal has it. */
  public NodeView node(RunId run, String node) {
    return runs.nodes(run).stream()
        .filter(n -> n.id().equals(NodeItem.of(new NodeId(node))))
        .findFirst()
        .orElseThrow();
  }

  /** The states of its nodes, their items and undoings as the journal has them. */
  public Map<NodeItem, NodeState> allStates(RunId id) {
    return runs.nodes(id).stream().collect(Collectors.toMap(NodeView::id, NodeView::state));
  }

  /** The states of its nodes as the journal has them. */
  public Map<NodeId, NodeState> states(RunId id) {
    return runs.nodes(id).stream()
        .filter(n -> n.id().isWhole())
        .collect(Collectors.toMap(n -> n.id().node(), NodeView::state));
  }

  /** How many runs are not over. */
  public int live() {
    return JdbcClient.create(database)
        .sql("select count(*) from run where state in ('QUEUED', 'RUNNING', 'WAITING')")
        .query(Integer.class)
        .single();
  }

  /** Dies as a killed process would: nothing more is written, nobody is told, no lease given up. */
  public void die() {
    dispatcher.close();
    calls.shutdownNow();
    tokens.shutdownNow();
    stop();
  }

  @Override
  public void close() {
    dispatcher.close();
    endpoints.letGo();
    journal.close();
    try {
      lease.release();
    } catch (RuntimeException e) {
      LOG.atDebug().setCause(e).log("The test's database is gone already");
    }
    stop();
  }

  private void stop() {
    dispatcher.close();
    endpoints.letGo();
    threads.shutdownNow();
    camel.stop();
    journal.close();
    tokens.shutdownNow();
    calls.shutdownNow();
  }

  private final class Children implements ChildRuns {
    @Override
    public Optional<DeployedWorkflow> current(ProjectName project, WorkflowName workflow) {
      return workflows.active(project, workflow).map(WorkflowRegistry.Active::workflow);
    }

    @Override
    public RunId newId() {
      return new RunId(ids.generate());
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
