package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Agents that are shell scripts and cost something. */
final class PricedAgents {
  private final Path folder;
  private final List<Path> all = new ArrayList<>();

  PricedAgents(Path folder) {
    this.folder = folder;
  }

  /** Writes one; in its script {@code $BEGAN} is a file by which a test sees that it runs. */
  PricedAgents with(String name, String cost, String script) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        home.resolve("agent.yaml"),
        "name: %s\ncommand: [sh, \"${agent.home}/run.sh\"]\ncost: { %s }\n".formatted(name, cost));
    Files.writeString(home.resolve("run.sh"), "BEGAN=" + began(name) + "\n" + script + "\n");
    all.add(home);
    return this;
  }

  /** Makes them known to an engine. */
  Engine register(Engine engine) {
    all.forEach(home -> assertThat(engine.agents().register(home).problems()).isEmpty());
    return engine;
  }

  private Path began(String name) {
    return folder.resolve(name + ".began");
  }

  /** Waits until an agent has told that it runs. */
  void awaitBegun(String name) throws IOException {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(began(name)));
    Files.delete(began(name));
  }
}
