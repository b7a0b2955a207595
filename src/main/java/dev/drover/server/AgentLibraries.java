package dev.drover.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code ${agents.classpath}} stands for: the jar of the agents that come with Drover, and the
 * libraries that they use. Found beside Drover's own jar; from a build's class folder otherwise.
 */
final class AgentLibraries {
  private static final String JAR = "drover-agents.jar";

  private AgentLibraries() {}

  static List<Path> classpath() {
    List<Path> own =
        List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)).stream()
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toList();
    for (Path entry : own) {
      Path folder = entry.toAbsolutePath().getParent();
      Path jar = folder == null ? null : folder.resolve(JAR);
      if (folder != null && jar != null && Files.exists(jar)) {
        return List.of(jar); // it names its libraries, which are beside it, itself
      }
    }
    return new ArrayList<>(own);
  }
}
