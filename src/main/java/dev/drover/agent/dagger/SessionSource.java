package dev.drover.agent.dagger;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a session comes from, in the order in which Dagger's own SDKs look. */
public sealed interface SessionSource {
  /** The variable with the port of a session that runs already. */
  String PORT = "DAGGER_SESSION_PORT";

  /** The variable with that session's token. */
  String TOKEN = "DAGGER_SESSION_TOKEN";

  /** The variable that names the CLI to use. */
  String CLI = "_EXPERIMENTAL_DAGGER_CLI_BIN";

  /** Somebody else runs it: it is used, and never ended. */
  record Running(int port, String token) implements SessionSource {
    @Override
    public String toString() {
      return "Running[port=" + port + "]";
    }
  }

  /** Dagger's command line program, which starts one. */
  record Cli(Path program) implements SessionSource {}

  /** There is none; {@code reason} says why, and how to get one. */
  record Missing(String reason) implements SessionSource {}

  /** Looks into an environment. */
  static SessionSource find(Map<String, String> environment) {
    String port = environment.getOrDefault(PORT, "");
    String token = environment.getOrDefault(TOKEN, "");
    if (!port.isEmpty() && !token.isEmpty()) {
      return running(port, token);
    }
    String named = environment.getOrDefault(CLI, "");
    if (!named.isEmpty()) {
      return program(named);
    }
    return onPath("dagger", environment)
        .<SessionSource>map(Cli::new)
        .orElse(
            new Missing(
                "the dagger command was not found on the PATH; install it (docs/dagger.md), or name"
                    + " it in "
                    + CLI));
  }

  private static SessionSource running(String port, String token) {
    try {
      int number = Integer.parseInt(port);
      if (number > 0 && number < 65536) {
        return new Running(number, token);
      }
    } catch (NumberFormatException e) {
      // said below, as for a number that is no port
    }
    return new Missing(PORT + " = \"" + port + "\" is not a port; unset it to use the CLI");
  }

  private static SessionSource program(String named) {
    try {
      Path program = Path.of(named).toAbsolutePath();
      if (Files.isExecutable(program) && !Files.isDirectory(program)) {
        return new Cli(program);
      }
    } catch (InvalidPathException e) {
      // said below, as for a path that is no program
    }
    return new Missing(CLI + " = \"" + named + "\" is not an executable file");
  }

  /** The first executable of that name on the environment's PATH. */
  static Optional<Path> onPath(String name, Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    for (String directory : path.split(File.pathSeparator, -1)) {
      if (directory.startsWith("/")) {
        Path program = Path.of(directory, name);
        if (Files.isExecutable(program) && !Files.isDirectory(program)) {
          return Optional.of(program);
        }
      }
    }
    return Optional.empty();
  }
}
