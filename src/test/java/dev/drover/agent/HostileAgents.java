package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * Runs the agents of {@code src/test/resources/agents/hostile} in the sandbox, and as a control as
 * plain processes. After each test a well-behaved agent must still run.
 */
abstract class HostileAgents extends LocalAgents {
  private static final Path HOSTILE = hostile();

  @BeforeAll
  static void needsTools() {
    RequiredTool.assume("bwrap");
    RequiredTool.assume("perl");
  }

  @AfterEach
  void theEngineIsUnharmed() {
    assertThat(output(run(agent("good").script("echo '[\"well\"]'")))).isEqualTo(List.of("well"));
  }

  private static Path hostile() {
    try {
      return Path.of(
          Objects.requireNonNull(HostileAgents.class.getResource("/agents/hostile")).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** A copy of its own, so that a writer that gets through is seen and does no harm. */
  AgentManifest hostile(String name) {
    Path home = folder.resolve("hostile-" + name);
    try (Stream<Path> files = Files.list(HOSTILE.resolve(name))) {
      Files.createDirectories(home);
      for (Path file : files.toList()) {
        Files.copy(
            file, home.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ManifestReader.read(home).manifest().orElseThrow();
  }

  /** The same with other lines in the manifest. */
  AgentManifest hostile(String name, String line) {
    Path home = hostile(name).home();
    try {
      Files.writeString(
          home.resolve("agent.yaml"), Files.readString(home.resolve("agent.yaml")) + line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ManifestReader.read(home).manifest().orElseThrow();
  }

  /** What it got done in the sandbox. */
  Object contained(AgentManifest agent, Map<String, Object> input) {
    return output(end(start(runtime, agent, input, SOON)));
  }

  /** What it gets done where nothing holds it. */
  Object free(AgentManifest agent, Map<String, Object> input) {
    Secrets none = name -> Optional.empty();
    List<Path> roots = List.of(folder.resolve("allowed"));
    RuntimeSettings settings = new RuntimeSettings(List.of(), roots, none, 8, Clock.systemUTC());
    try (AgentRuntime process = new ProcessRuntime(settings, executor)) {
      return output(end(start(process, agent, input, SOON)));
    }
  }
}
