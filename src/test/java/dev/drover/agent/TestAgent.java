package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes small agents that are shell scripts. */
final class TestAgent {
  private final Path home;
  private String manifest;

  private TestAgent(Path home) {
    this.home = home;
    this.manifest = "name: " + home.getFileName() + "\n";
  }

  /** An agent of that name in a folder of its own. */
  static TestAgent in(Path folder, String name) {
    return new TestAgent(folder.resolve(name)).command("[sh, run.sh]");
  }

  TestAgent command(String command) {
    manifest = manifest.replaceAll("command: .*\n", "") + "command: " + command + "\n";
    return this;
  }

  TestAgent script(String... lines) {
    return file("run.sh", String.join("\n", lines) + "\n");
  }

  TestAgent file(String name, String content) {
    try {
      Files.createDirectories(home);
      Files.writeString(home.resolve(name), content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a line to the manifest. */
  TestAgent with(String line) {
    manifest += line + "\n";
    return this;
  }

  /** Writes the manifest. */
  Path write() {
    file("agent.yaml", manifest);
    return home;
  }

  /** Writes the manifest and reads it, which must not give a problem. */
  AgentManifest read() {
    ManifestReader.Result result = ManifestReader.read(write());
    assertThat(Problem.lines(result.problems())).isEmpty();
    return result.manifest().orElseThrow();
  }
}
