package dev.drover.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for the programs that agents are written for. None is needed by all agents. */
final class ToolChecks {
  private static final int SECONDS = 10;
  private static final Pattern NODE_VERSION = Pattern.compile("v(\\d{1,4})\\.(\\d{1,4})");

  private final Map<String, String> environment;

  ToolChecks(Map<String, String> environment) {
    this.environment = environment;
  }

  List<Finding> all() {
    List<Finding> found = new ArrayList<>();
    String java = System.getProperty("java.version");
    found.add(Finding.there("java", java + ", which runs Drover and the agents that it brings"));
    found.add(node());
    found.add(tool("python3", "for agents in Python", "python3"));
    found.add(tool("perl", "for agents with a list of hosts in the sandbox", "perl-base"));
    found.add(tool("bash", "for the leash that ends the agents of a dead server", "bash"));
    found.add(tool("git", "for agents that read or write repositories", "git"));
    return found;
  }

  /** An older one runs JavaScript all the same. */
  private Finding node() {
    Finding found = tool("node", "for agents in JavaScript and TypeScript", "nodejs");
    Matcher version = NODE_VERSION.matcher(found.detail());
    boolean old =
        found.there()
            && version.lookingAt()
            && (Integer.parseInt(version.group(1)) < 22
                || (version.group(1).equals("22") && Integer.parseInt(version.group(2)) < 18));
    return old
        ? Finding.missing(
            "node",
            found.detail() + ": runs agents in JavaScript, not in TypeScript",
            "TypeScript needs Node 22.18 or newer: nodejs.org, or your distribution's newer release")
        : found;
  }

  private Finding tool(String name, String what, String debianPackage) {
    Optional<Path> program = onPath(name);
    if (program.isEmpty()) {
      return Finding.missing(
          name,
          "not on the PATH; only needed " + what,
          "apt-get install " + debianPackage + "; the sandbox shows what is under /usr");
    }
    return version(List.of(program.get().toString(), "--version"))
        .map(version -> Finding.there(name, version + ", " + program.get()))
        .orElse(
            Finding.missing(
                name,
                program.get() + " does not tell its version; only needed " + what,
                "apt-get install --reinstall " + debianPackage));
  }

  private Optional<Path> onPath(String name) {
    String path = environment.getOrDefault("PATH", "");
    for (String directory : path.split(File.pathSeparator, -1)) {
      if (directory.startsWith("/") && Files.isExecutable(Path.of(directory, name))) {
        return Optional.of(Path.of(directory, name));
      }
    }
    return Optional.empty();
  }

  /** The first line that a command prints, if it ends well and in time. */
  static Optional<String> version(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      try (InputStream in = process.getInputStream()) {
        String text = new String(in.readNBytes(4 << 10), StandardCharsets.UTF_8);
        return process.exitValue() == 0
            ? text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst()
            : Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
