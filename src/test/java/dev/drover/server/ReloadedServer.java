package dev.drover.server;

import com.fasterxml.uuid.Generators;
import dev.drover.TestDatabase;
import dev.drover.agent.Agents;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.Journal;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunId;
import dev.drover.run.RunQueries;
import dev.drover.run.RunQueries.RunView;
import dev.drover.run.RunRequest;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowRegistry.Active;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.springframework.context.ConfigurableApplicationContext;

/** A server in this JVM whose folders a test changes. */
final class ReloadedServer implements AutoCloseable {
  private final Path folder;
  private final ConfigurableApplicationContext context;

  private ReloadedServer(Path folder, ConfigurableApplicationContext context) {
    this.folder = folder;
    this.context = context;
  }

  static ReloadedServer start(Path folder, TestDatabase database) {
    return new ReloadedServer(
        folder,
        DroverServer.start(
            "--drover.port=0",
            "--drover.metrics-port=0",
            "--drover.db-url=" + database.url(),
            "--drover.db-user=postgres",
            "--drover.db-password=postgres",
            "--drover.data-dir=" + folder.resolve("data"),
            "--drover.workflows=" + folder.resolve("flows"),
            "--drover.agents=" + folder.resolve("agents"),
            "--drover.routes=" + folder.resolve("routes"),
            "--drover.runtime=process",
            "--drover.projects=ops"));
  }

  /** Writes a file below the folder, and lets the server look. */
  void write(String file, String text) {
    write(folder, file, text);
    look();
  }

  static void write(Path folder, String file, String text) {
    try {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a file below the folder, and lets the server look. */
  void delete(String file) {
    delete(folder, file);
    look();
  }

  static void delete(Path folder, String file) {
    try {
      Files.delete(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Looks now instead of within a second. */
  void look() {
    context.getBean(Folders.class).load();
  }

  CamelContext camel() {
    return context.getBean(CamelContext.class);
  }

  Agents agents() {
    return context.getBean(Agents.class);
  }

  /** The version in force. */
  Optional<Integer> version(ProjectName project, String workflow) {
    return context
        .getBean(WorkflowRegistry.class)
        .active(project, new WorkflowName(workflow))
        .map(active -> active.workflow().version());
  }

  /** The version in force in the default project. */
  Optional<Integer> version(String workflow) {
    return version(ProjectName.DEFAULT, workflow);
  }

  /** Opens a run of the version in force, and waits until that is durable. */
  RunId open(String workflow) {
    Active active =
        context
            .getBean(WorkflowRegistry.class)
            .active(ProjectName.DEFAULT, new WorkflowName(workflow))
            .orElseThrow();
    UUID id = Generators.timeBasedEpochGenerator().generate();
    RunRequest request =
        new RunRequest(
            new RunId(id),
            ProjectName.DEFAULT,
            new WorkflowName(workflow),
            active.workflow().version(),
            "test/" + id,
            Map.of("type", "manual", "manual", Map.of()),
            Map.of());
    context.getBean(RunDispatcher.class).open(request).join();
    return request.id();
  }

  RunView run(RunId id) {
    return context.getBean(RunQueries.class).find(ProjectName.DEFAULT, id).orElseThrow();
  }

  /** Removes versions that no run needs any more, as the server does every few seconds. */
  void removeDrained() {
    context.getBean(WorkflowRegistry.class).removeDrained(context.getBean(Journal.class));
  }

  /** The ids of routes that begin so. */
  List<String> routes(String prefix) {
    return camel().getRoutes().stream()
        .map(Route::getRouteId)
        .filter(id -> id.startsWith(prefix))
        .toList();
  }

  @Override
  public void close() {
    context.close();
  }
}
