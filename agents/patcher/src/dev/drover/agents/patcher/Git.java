package dev.drover.agents.patcher;

import dev.drover.agents.kit.PlainText;
import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the git program on one repository: without hooks, without anybody's configuration but the
 * repository's own, without the network, each call with a deadline. Words of the request only ever
 * are arguments or standard input, never options.
 */
final class Git {
  private static final long DEADLINE_SECONDS = 60;
  private static final int MOST_OUTPUT = 64 << 20;
  private static final int LONGEST_REASON = 300;

  private final Path root;
  private final Path scratch;
  private final Map<String, String> environment;

  Git(Path root, Path scratch, Map<String, String> environment) {
    this.root = root;
    this.scratch = scratch;
    this.environment = Map.copyOf(environment);
  }

  /** How a call ended. */
  record Result(int exit, String out, String reason) {}

  /** Calls that work on another index than the repository's. */
  Git with(Map<String, String> more) {
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.putAll(more);
    return new Git(root, scratch, all);
  }

  /** The output; a failure is one of the whole. */
  String call(String input, String... words) throws WorkFailure {
    Result result = tryCall(input, words);
    if (result.exit() != 0) {
      throw WorkFailure.permanent("git " + words[0] + " failed: " + result.reason());
    }
    return result.out();
  }

  Result tryCall(String input, String... words) throws WorkFailure {
    List<String> command = new ArrayList<>(List.of("git", "--literal-pathspecs"));
    for (String setting :
        List.of("core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0")) {
      command.addAll(List.of("-c", setting));
    }
    command.addAll(List.of(words));
    Path in = scratch.resolve("in");
    Path out = scratch.resolve("out");
    Path error = scratch.resolve("error");
    try {
      Files.writeString(in, input);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(root.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(error.toFile());
      environment(builder.environment());
      return finish(builder.start(), words[0], out, error);
    } catch (IOException e) {
      throw WorkFailure.permanent("git can't be run here: install it, or leave commit out");
    }
  }

  private static Result finish(Process process, String name, Path out, Path error)
      throws WorkFailure, IOException {
    try {
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        throw WorkFailure.temporary("git " + name + " took longer than a minute");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw WorkFailure.temporary("interrupted while git worked");
    } finally {
      process.destroyForcibly();
    }
    if (Files.size(out) > MOST_OUTPUT) {
      throw WorkFailure.permanent("git " + name + " says more than is taken");
    }
    String reason =
        PlainText.oneLine(new String(Files.readAllBytes(error), StandardCharsets.UTF_8));
    return new Result(
        process.exitValue(), Files.readString(out), PlainText.cut(reason, LONGEST_REASON));
  }

  private void environment(Map<String, String> variables) {
    String path = variables.getOrDefault("PATH", "/usr/bin:/bin");
    variables.clear();
    variables.putAll(
        Map.ofEntries(
            Map.entry("PATH", path),
            Map.entry("HOME", scratch.toString()),
            Map.entry("LC_ALL", "C"),
            Map.entry("GIT_CONFIG_NOSYSTEM", "1"),
            Map.entry("GIT_CONFIG_GLOBAL", "/dev/null"),
            // Stands above what the repository itself allows, and old git knows it, too.
            Map.entry("GIT_ALLOW_PROTOCOL", "none"),
            Map.entry("GIT_NO_LAZY_FETCH", "1"),
            Map.entry("GIT_TERMINAL_PROMPT", "0"),
            Map.entry("GIT_OPTIONAL_LOCKS", "0"),
            Map.entry("GIT_DIR", root.resolve(".git").toString()),
            Map.entry("GIT_WORK_TREE", root.toString())));
    variables.putAll(environment);
  }
}
