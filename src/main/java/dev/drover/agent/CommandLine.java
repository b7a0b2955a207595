package dev.drover.agent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Turns a manifest's command into the words that are executed, and finds its program. */
final class CommandLine {
  private static final Map<String, String> PACKAGES =
      Map.of(
          "node", "nodejs",
          "npm", "npm",
          "python", "python-is-python3",
          "python3", "python3",
          "ruby", "ruby",
          "php", "php-cli",
          "go", "golang",
          "dotnet", "dotnet-runtime-8.0",
          "bash", "bash",
          "git", "git");

  private CommandLine() {}

  /** The command with its placeholders replaced; a JVM is told the manifest's limits. */
  static List<String> of(AgentManifest manifest, String home, List<Path> classpath) {
    return of(manifest, home, classpath, List.of());
  }

  /** The same with more flags for the case that it is a JVM. */
  static List<String> of(
      AgentManifest manifest, String home, List<Path> classpath, List<String> jvmFlags) {
    String joined =
        String.join(File.pathSeparator, classpath.stream().map(Path::toString).toList());
    List<String> words = new ArrayList<>();
    for (String word : manifest.program().command()) {
      words.add(word.replace("${agents.classpath}", joined).replace("${agent.home}", home));
    }
    if (Path.of(words.get(0)).endsWith("java")) {
      words.addAll(1, jvmFlags);
      words.addAll(1, jvmFlags(manifest.limits()));
    }
    return words;
  }

  /** The folders of libraries that the jars of a class path name in their own manifests. */
  static List<Path> neighbours(List<Path> classpath) {
    return classpath.stream()
        .filter(Files::isRegularFile)
        .map(jar -> jar.resolveSibling("lib"))
        .filter(Files::isDirectory)
        .distinct()
        .toList();
  }

  /** The agent's own flags come after these and win. */
  private static List<String> jvmFlags(AgentManifest.Limits limits) {
    return List.of(
        "-Xmx" + limits.memory() / 1024 * 6 / 10 + "k",
        "-XX:ActiveProcessorCount=" + (int) Math.max(1, Math.ceil(limits.cpus())),
        "-XX:+DisplayVMOutputToStderr"); // stdout is for the output alone
  }

  /**
   * Why a program cannot be executed; empty if it can.
   *
   * @param visible whether the agent sees a real path
   */
  static Optional<String> fault(
      String program, Path home, List<Path> searchPath, Predicate<Path> visible) {
    if (program.contains("/")) {
      return executableFault(program, home.resolve(program), visible);
    }
    for (Path directory : searchPath) {
      Path candidate = directory.resolve(program);
      if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
        return executableFault(program, candidate, visible);
      }
    }
    String where = String.join(":", searchPath.stream().map(Path::toString).toList());
    String name = PACKAGES.getOrDefault(program, program);
    return Optional.of(
        ("the command \"%s\" was not found on the agent's PATH (%s); install it on this host"
                + " (Debian: apt-get install %s) or put it into the agent's folder")
            .formatted(program, where, name));
  }

  private static Optional<String> executableFault(
      String program, Path path, Predicate<Path> visible) {
    if (!Files.exists(path)) {
      return Optional.of("the command \"" + program + "\" does not exist");
    } else if (Files.isDirectory(path) || !Files.isExecutable(path)) {
      return Optional.of("the command \"" + program + "\" is not executable: chmod +x " + path);
    }
    try {
      Path real = path.toRealPath();
      return visible.test(real)
          ? Optional.empty()
          : Optional.of(
              "the command \""
                  + program
                  + "\" is "
                  + real
                  + ", which the agent does not see; install it under /usr or in the agent's"
                  + " folder");
    } catch (IOException e) {
      return Optional.of("the command \"" + program + "\" cannot be read: " + e);
    }
  }

  /** The first executable of that name on the server's own PATH. */
  static Optional<Path> onPath(String program) {
    return searchPath().stream()
        .map(directory -> directory.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The server's own PATH. */
  static List<Path> searchPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
    List<Path> directories = new ArrayList<>();
    for (String directory : path.split(File.pathSeparator, -1)) {
      if (directory.startsWith("/")) {
        directories.add(Path.of(directory));
      }
    }
    return directories;
  }
}
