package dev.drover.server;

import dev.drover.agent.Agents;
import dev.drover.agent.Availability;
import dev.drover.agent.ManifestReader;
import dev.drover.agent.Registration;
import dev.drover.name.ProjectName;
import dev.drover.run.Async;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Submission;
import dev.drover.workflow.Step;
import dev.drover.yaml.Position;
import dev.drover.yaml.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
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
  private final Set<Path> rejected = new TreeSet<>();
  private boolean looked;

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
    FolderChanges.Changes changedAgents = agentFiles.look();
    loadAgents(changedAgents);
    FolderChanges.Changes changedRoutes = routeFiles.look();
    changedRoutes.gone().forEach(routes::remove);
    changedRoutes.changed().forEach(routes::load);
    FolderChanges.Changes changed = workflowFiles.look();
    retireForgotten();
    changed.gone().forEach(file -> attempt(file, this::retire));
    Set<Path> files = new TreeSet<>(changed.changed());
    if (!changed.isEmpty() || !changedAgents.isEmpty()) {
      files.addAll(rejected); // what they lacked may be there now
    }
    files.forEach(file -> attempt(file, this::submit));
  }

  /** A file that could not be taken in because the journal is away must not be forgotten. */
  private void attempt(Path file, Consumer<Path> how) {
    try {
      how.accept(file);
    } catch (RuntimeException e) {
      workflowFiles.again(file);
      LOG.atError()
          .addKeyValue("file", file)
          .setCause(e)
          .log("Workflow file can't be taken in yet; trying again");
    }
  }

  /** Files may have gone while no server looked. */
  private void retireForgotten() {
    if (!looked && Files.isDirectory(settings.workflows())) {
      for (ProjectName project : settings.allProjects()) {
        workflows.active(project).stream()
            .map(WorkflowRegistry.Active::source)
            .filter(source -> !source.equals(WorkflowRegistry.API))
            .map(settings.workflows()::resolve)
            .filter(file -> !workflowFiles.has(file))
            .forEach(this::retire);
      }
    }
    looked = true;
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

  /** A workflow whose agent can't run says so now, and not when its first alert comes. */
  private void tell(Path folder, @org.jspecify.annotations.Nullable Availability availability) {
    if (availability instanceof Availability.Unavailable unavailable) {
      String agent = String.valueOf(folder.getFileName());
      LOG.atWarn()
          .addKeyValue("agent", agent)
          .addKeyValue("reason", unavailable.reason())
          .addKeyValue("workflows", usersOf(agent))
          .log("Agent can't run here; the nodes that use it will fail");
    }
  }

  private List<String> usersOf(String agent) {
    return settings.allProjects().stream()
        .flatMap(project -> workflows.active(project).stream())
        .map(WorkflowRegistry.Active::workflow)
        .filter(
            deployed ->
                deployed.workflow().nodes().values().stream()
                    .anyMatch(
                        node ->
                            uses(node.step(), agent)
                                || node.undo().filter(u -> uses(u.step(), agent)).isPresent()))
        .map(deployed -> deployed.id().toString())
        .toList();
  }

  private static boolean uses(Step step, String agent) {
    return step instanceof Step.Agent some && some.agent().value().equals(agent);
  }

  private void submit(Path file) {
    rejected.remove(file);
    Optional<ProjectName> project = projectOf(file);
    if (project.isEmpty()) {
      String message = "the folder is no project";
      String hint = "name it in the setting drover.projects, or move the file";
      Problem problem = new Problem(file.toString(), Position.START, "", message, hint);
      report("Workflow not loaded", file, List.of(problem));
      return;
    }
    String source = settings.workflows().relativize(file).toString();
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      LOG.atError().addKeyValue("file", source).setCause(e).log("Workflow file can't be read");
      workflowFiles.again(file);
      return;
    }
    tell(file, workflows.submit(project.get(), file.toString(), text, source));
  }

  private void tell(Path file, Submission submission) {
    if (submission instanceof Submission.Rejected refused) {
      rejected.add(file);
      report("Workflow not loaded; its last good version stays in force", file, refused.problems());
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
    rejected.remove(file);
    String source = settings.workflows().relativize(file).toString();
    projectOf(file).ifPresent(project -> workflows.retire(project, source));
    LOG.atInfo().addKeyValue("file", source).log("Workflow retired: its file is gone");
  }

  /** A folder below the workflows' is the project; files beside it are of the default project. */
  private Optional<ProjectName> projectOf(Path file) {
    Path relative = settings.workflows().relativize(file);
    String name =
        relative.getNameCount() == 1 ? ProjectName.DEFAULT.value() : relative.getName(0).toString();
    return settings.allProjects().stream().filter(p -> p.value().equals(name)).findFirst();
  }

  private static boolean isYaml(Path path) {
    String name = path.toString();
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private static void report(String what, Path where, List<Problem> problems) {
    LOG.atWarn()
        .addKeyValue("file", where)
        .addKeyValue("problems", problems.size())
        .log(what + "\n" + Problem.lines(problems));
  }
}
