package dev.drover.server;

import dev.drover.agent.Agents;
import dev.drover.agent.Availability;
import dev.drover.agent.ManifestReader;
import dev.drover.agent.Registration;
import dev.drover.name.ProjectName;
import dev.drover.run.Async;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Submission;
import dev.drover.yaml.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Loads agents, routes and workflows from their folders, at the start and whenever a file changes.
 * What is broken is reported with its problems, and what was in force before stays in force.
 */
@Component
class Folders {
  private static final Logger LOG = LoggerFactory.getLogger(Folders.class);

  private final Settings settings;
  private final Agents agents;
  private final RouteFiles routes;
  private final WorkflowRegistry workflows;
  private final FolderChanges agentFiles;
  private final FolderChanges routeFiles;
  private final FolderChanges workflowFiles;

  Folders(Settings settings, Agents agents, RouteFiles routes, WorkflowRegistry workflows) {
    this.settings = settings;
    this.agents = agents;
    this.routes = routes;
    this.workflows = workflows;
    this.agentFiles = new FolderChanges(settings.agents(), path -> true);
    this.routeFiles =
        new FolderChanges(settings.routes(), path -> path.toString().endsWith(".camel.yaml"));
    this.workflowFiles = new FolderChanges(settings.workflows(), Folders::isYaml);
  }

  /** Takes in what has changed since the last time; agents first, because workflows name them. */
  synchronized void load() {
    loadAgents(agentFiles.look());
    FolderChanges.Changes changedRoutes = routeFiles.look();
    changedRoutes.gone().forEach(routes::remove);
    changedRoutes.changed().forEach(routes::load);
    FolderChanges.Changes changed = workflowFiles.look();
    changed.gone().forEach(this::retire);
    changed.changed().forEach(this::submit);
  }

  private void loadAgents(FolderChanges.Changes changes) {
    Set<Path> folders = new TreeSet<>();
    changes.changed().forEach(path -> folders.add(agentFolder(path)));
    changes.gone().forEach(path -> folders.add(agentFolder(path)));
    for (Path folder : folders) {
      if (Files.exists(folder.resolve(ManifestReader.FILE))) {
        register(folder);
      } else if (agents.unregister(folder)) {
        LOG.atInfo().addKeyValue("agent", folder.getFileName()).log("Agent removed");
      }
    }
  }

  private Path agentFolder(Path file) {
    return settings.agents().resolve(settings.agents().relativize(file).getName(0));
  }

  private void register(Path folder) {
    Registration registration = agents.register(folder);
    if (!registration.isTaken()) {
      report("Agent not registered", folder, registration.problems());
      return;
    }
    Async.whenDone(
        registration.availability(),
        (availability, thrown) -> tell(folder, availability),
        bug -> LOG.atError().setCause(bug).log("A self-test's result was lost"));
  }

  private static void tell(
      Path folder, @org.jspecify.annotations.Nullable Availability availability) {
    boolean unavailable = availability instanceof Availability.Unavailable;
    (unavailable ? LOG.atWarn() : LOG.atInfo())
        .addKeyValue("agent", folder.getFileName())
        .addKeyValue("reason", availability == null ? "unknown" : availability.describe())
        .log(unavailable ? "Agent can't run here" : "Agent registered");
  }

  private void submit(Path file) {
    String source = settings.workflows().relativize(file).toString();
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      LOG.atError().addKeyValue("file", source).setCause(e).log("Workflow file can't be read");
      return;
    }
    Submission submission = workflows.submit(projectOf(file), file.toString(), text, source);
    if (submission instanceof Submission.Rejected rejected) {
      report(
          "Workflow not loaded; its last good version stays in force", file, rejected.problems());
      return;
    }
    Submission.Accepted accepted = (Submission.Accepted) submission;
    LOG.atInfo()
        .addKeyValue("workflow", accepted.workflow().id())
        .log(accepted.created() ? "Workflow deployed" : "Workflow unchanged");
    if (!accepted.warnings().isEmpty()) {
      report("Workflow loaded with warnings", file, accepted.warnings());
    }
  }

  private void retire(Path file) {
    String source = settings.workflows().relativize(file).toString();
    workflows.retire(projectOf(file), source);
    LOG.atInfo().addKeyValue("file", source).log("Workflow retired: its file is gone");
  }

  /** A folder below the workflows' is the project; files beside it are of the default project. */
  private ProjectName projectOf(Path file) {
    Path relative = settings.workflows().relativize(file);
    String folder = relative.getName(0).toString();
    return relative.getNameCount() > 1 && ProjectName.isValid(folder)
        ? new ProjectName(folder)
        : ProjectName.DEFAULT;
  }

  private static boolean isYaml(Path path) {
    String name = path.toString();
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private static void report(String what, Path where, List<Problem> problems) {
    LOG.atWarn()
        .addKeyValue("at", where)
        .addKeyValue("problems", problems.size())
        .log(what + "\n" + Problem.lines(problems));
  }
}
