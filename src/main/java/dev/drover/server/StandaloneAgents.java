package dev.drover.server;

import dev.drover.agent.AgentRuntime;
import dev.drover.agent.DaggerRuntime;
import dev.drover.agent.DaggerRuntime.Egress;
import dev.drover.agent.ProcessRuntime;
import dev.drover.agent.RuntimeSettings;
import dev.drover.agent.SandboxRuntime;
import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.server.Settings.RuntimeChoice;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Runs agents as a server would, with the same libraries and secrets, where there is no server: for
 * the command line.
 */
public final class StandaloneAgents {
  private StandaloneAgents() {}

  /**
   * Opens a runtime; the caller closes it.
   *
   * @param mountRoots where host paths that inputs name may lie
   * @throws IllegalStateException if the sandbox was chosen and can't be had; the message says why
   */
  public static AgentRuntime open(
      RuntimeChoice choice, List<Path> mountRoots, int maxConcurrent, Executor executor) {
    RuntimeSettings settings =
        new RuntimeSettings(
            new RuntimeSettings.Libraries(AgentLibraries.classpath(), Optional.empty()),
            mountRoots,
            new EnvironmentSecrets(System.getenv()),
            maxConcurrent,
            Clock.systemUTC(),
            Duration.ofSeconds(8), // never renewed, so it holds nobody
            List.of(Path.of(System.getenv().getOrDefault("DROVER_DATA_DIR", ".drover"))));
    return switch (choice) {
      case SANDBOX -> new SandboxRuntime(settings, executor);
      case PROCESS -> new ProcessRuntime(settings, executor);
      case DAGGER ->
          new DaggerRuntime(
              settings,
              new DaggerEngine(SessionSettings.of(System.getenv())),
              egress(System.getenv()),
              executor);
      case AUTO ->
          IsolationRule.isolates(choice, "127.0.0.1", SandboxRuntime::unavailable)
              ? new SandboxRuntime(settings, executor)
              : new ProcessRuntime(settings, executor);
    };
  }

  /** What a server reads from the same variable. */
  private static Egress egress(Map<String, String> environment) {
    String said = environment.getOrDefault("DROVER_DAGGER_ENGINE_EGRESS", "");
    return said.equalsIgnoreCase(Egress.DENIED.name()) ? Egress.DENIED : Egress.ALLOWED;
  }
}
