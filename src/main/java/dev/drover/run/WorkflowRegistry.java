package dev.drover.run;

import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.workflow.Reading;
import dev.drover.workflow.Workflow;
import dev.drover.workflow.WorkflowReader;
import dev.drover.yaml.Position;
import dev.drover.yaml.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workflows that are in force. A document that is not valid changes nothing: the last good
 * version stays. A change deploys a new version beside the old one and then switches, so that runs
 * in flight finish on theirs.
 */
public final class WorkflowRegistry {
  /** The source of a workflow that came from no file. */
  public static final String API = "api";

  private static final Logger LOG = LoggerFactory.getLogger(WorkflowRegistry.class);

  private final WorkflowReader reader;
  private final WorkflowReader historyReader;
  private final WorkflowStore store;
  private final Deployments deployments;
  private final Map<VersionId, DeployedWorkflow> versions = new ConcurrentHashMap<>();
  private final Map<ProjectName, Map<WorkflowName, Active>> current = new ConcurrentHashMap<>();
  private final RegistryRefresh refresh;

  /**
   * @param reader judges new documents
   * @param historyReader reads versions that were valid once, whatever agents there are today
   */
  public WorkflowRegistry(
      WorkflowReader reader,
      WorkflowReader historyReader,
      WorkflowStore store,
      Deployments deployments) {
    this.reader = reader;
    this.historyReader = historyReader;
    this.store = store;
    this.deployments = deployments;
    this.refresh = new RegistryRefresh(this, store);
  }

  /** What became of a document. */
  public sealed interface Submission {
    /** It is in force; {@code created} tells whether as a new version. */
    record Accepted(DeployedWorkflow workflow, boolean created, List<Problem> warnings)
        implements Submission {}

    /** It is not valid; nothing was changed. */
    record Rejected(List<Problem> problems) implements Submission {}
  }

  /**
   * A workflow in force.
   *
   * @param source where it came from: {@code "api"} or a file's name
   * @param paused whether its new runs wait until it is resumed
   */
  public record Active(DeployedWorkflow workflow, String source, boolean paused) {}

  /** Puts a document in force, if it is valid. */
  public synchronized Submission submit(
      ProjectName project, String file, String text, String source) {
    Reading reading = reader.read(file, text);
    if (reading instanceof Reading.Invalid invalid) {
      return new Submission.Rejected(invalid.problems());
    }
    Reading.Valid valid = (Reading.Valid) reading;
    Workflow workflow = valid.workflow();
    Active active = currentOf(project).get(workflow.name());
    if (active != null && isOtherFile(active.source(), source)) {
      String message = "the name " + workflow.name() + " is taken by " + active.source();
      return new Submission.Rejected(
          List.of(new Problem(file, Position.START, "name", message, "choose another name")));
    }
    Trial trial = new Trial(project, workflow, deployments);
    WorkflowStore.Saved saved;
    try {
      saved = store.save(project, workflow.name(), text, source, trial::deploy);
    } catch (RuntimeException | Error e) {
      trial.undo(); // the version's number may be given to other content
      throw e;
    }
    DeployedWorkflow deployed = new DeployedWorkflow(project, saved.version(), workflow);
    activate(new Active(deployed, source, saved.paused()));
    return new Submission.Accepted(deployed, saved.created(), valid.warnings());
  }

  /** Two files of one name would replace each other at every start. */
  private static boolean isOtherFile(String known, String source) {
    return !known.equals(API) && !source.equals(API) && !known.equals(source);
  }

  /** Puts what the store has in force; to be called once, before anything opens runs. */
  public synchronized void restore() {
    for (WorkflowStore.Stored stored : store.active()) {
      try {
        activate(
            new Active(read(stored.version(), stored.content()), stored.source(), stored.paused()));
      } catch (NotDeployable | RuntimeException e) { // the others must come up all the same
        setAside(stored.version(), e);
      }
    }
  }

  /** Puts in force what other servers changed; for every second. Throws what the database does. */
  public void refresh() {
    refresh.run();
  }

  /**
   * Lets a workflow's new runs wait, visible as QUEUED, until it is resumed.
   *
   * @return whether there is such a workflow in force
   */
  public synchronized boolean pause(ProjectName project, WorkflowName name) {
    return pause(project, name, true);
  }

  /**
   * Lets the runs of a paused workflow go on, also if it is no longer in force.
   *
   * @return whether there is or was such a workflow
   */
  public synchronized boolean resume(ProjectName project, WorkflowName name) {
    return pause(project, name, false);
  }

  private boolean pause(ProjectName project, WorkflowName name, boolean paused) {
    boolean known = store.pause(project, name, paused);
    if (known) {
      currentOf(project)
          .computeIfPresent(name, (n, was) -> new Active(was.workflow(), was.source(), paused));
    }
    return known;
  }

  /** Lets the workflow of a file that is gone open no more runs. */
  public synchronized void retire(ProjectName project, String source) {
    store.retire(project, source);
    currentOf(project).values().removeIf(active -> active.source().equals(source));
  }

  /** The workflows in force, by name. */
  public List<Active> active(ProjectName project) {
    return List.copyOf(new TreeMap<>(currentOf(project)).values());
  }

  /** One workflow in force. */
  public Optional<Active> active(ProjectName project, WorkflowName name) {
    return Optional.ofNullable(currentOf(project).get(name));
  }

  /**
   * Any version that a run is pinned to, deployed now if it was not.
   *
   * @throws NotDeployable if there is no such version, or it can no longer be read
   */
  public DeployedWorkflow require(VersionId id) throws NotDeployable {
    DeployedWorkflow known = versions.get(id);
    if (known != null) {
      return known;
    }
    synchronized (this) {
      String content =
          store.content(id).orElseThrow(() -> new NotDeployable("there is no version " + id));
      DeployedWorkflow version = read(id, content);
      try {
        deployments.deploy(version);
      } catch (RuntimeException e) { // an Error is this server's, not the version's
        throw new NotDeployable(id + " can't be deployed: " + e.getMessage(), e);
      }
      versions.put(id, version);
      return version;
    }
  }

  /** Any version, to be looked at and not to be run; empty if it can't be read any more. */
  public Optional<DeployedWorkflow> look(VersionId id) {
    DeployedWorkflow known = versions.get(id);
    try {
      Optional<String> content = known == null ? store.content(id) : Optional.empty();
      return Optional.ofNullable(content.isPresent() ? read(id, content.get()) : known);
    } catch (NotDeployable e) {
      return Optional.empty();
    }
  }

  /** The nodes of any version in their author's order; none if it can't be read any more. */
  public List<NodeId> nodes(VersionId id) {
    return look(id).map(v -> List.copyOf(v.workflow().nodes().keySet())).orElse(List.of());
  }

  /** Takes old versions away whose last run has ended. */
  public synchronized void removeDrained(Journal journal) {
    for (VersionId id : deployments.deployed()) {
      Active active = currentOf(id.project()).get(id.workflow());
      boolean isCurrent = active != null && active.workflow().version() == id.version();
      if (!isCurrent) {
        removeIfDrained(id, journal);
      }
    }
  }

  /** Whoever needs the version meanwhile waits in {@link #require}; who has it, has a live run. */
  private void removeIfDrained(VersionId id, Journal journal) {
    DeployedWorkflow version = versions.remove(id);
    boolean drained = false;
    try {
      drained = !journal.hasLiveRuns(id);
    } finally {
      if (!drained && version != null) {
        versions.put(id, version);
      }
    }
    if (drained) {
      deployments.undeploy(id);
    }
  }

  private void activate(Active active) {
    DeployedWorkflow deployed = active.workflow();
    deployments.deploy(deployed);
    versions.put(deployed.id(), deployed);
    currentOf(deployed.project()).put(deployed.workflow().name(), active);
  }

  /** How long runs may take, of those versions that are deployed here and limit it. */
  public Map<VersionId, Duration> timeouts() {
    Map<VersionId, Duration> timeouts = new HashMap<>();
    versions.forEach(
        (id, version) -> version.workflow().timeout().ifPresent(t -> timeouts.put(id, t)));
    return timeouts;
  }

  /** All that is in force now, of all projects. */
  public synchronized List<Active> active() {
    return current.values().stream().flatMap(project -> project.values().stream()).toList();
  }

  /** Takes a workflow out of force, unless it was changed since. */
  synchronized void drop(Active known) {
    currentOf(known.workflow().project()).remove(known.workflow().workflow().name(), known);
  }

  /** Puts a workflow in force, unless what was known was changed since. */
  synchronized void replace(@Nullable Active known, Active now) {
    Active active = currentOf(now.workflow().project()).get(now.workflow().workflow().name());
    if (Objects.equals(active, known)) {
      activate(now);
    }
  }

  /** Says that a stored version can't be put in force. */
  void setAside(VersionId version, Exception why) {
    LOG.atError()
        .addKeyValue("workflow", version)
        .setCause(why)
        .log("A stored workflow can't be deployed; it opens no runs until it is mended");
    try {
      store.setAside(version, String.valueOf(why.getMessage()));
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("workflow", version).setCause(e).log("It could not be set aside");
    }
  }

  /** Reads a version that was valid once. */
  DeployedWorkflow read(VersionId id, String content) throws NotDeployable {
    Reading reading;
    try {
      reading = historyReader.read(id.toString(), content);
    } catch (RuntimeException | Error e) {
      throw new NotDeployable(id + " can't be read: " + e.getMessage(), e);
    }
    if (reading instanceof Reading.Invalid invalid) {
      throw new NotDeployable(Problem.lines(invalid.problems()));
    }
    return new DeployedWorkflow(id.project(), id.version(), ((Reading.Valid) reading).workflow());
  }

  private Map<WorkflowName, Active> currentOf(ProjectName project) {
    return current.computeIfAbsent(project, p -> new ConcurrentHashMap<>());
  }

  /** The version does not exist or is no longer valid. */
  public static final class NotDeployable extends Exception {
    private static final long serialVersionUID = 1L;

    NotDeployable(String message) {
      super(message);
    }

    NotDeployable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
