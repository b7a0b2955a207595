package dev.drover.agent;

import dev.drover.agent.AttemptResult.Failed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Small agents in a real sandbox, for tests of what it holds. */
abstract class LocalAgents {
  static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  ExecutorService executor;
  AgentRuntime runtime;
  final List<String> log = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void openSandbox() throws IOException {
    Path allowed = Files.createDirectories(folder.resolve("allowed"));
    executor = Executors.newFixedThreadPool(3);
    Secrets none = name -> Optional.empty();
    runtime = open(new RuntimeSettings(List.of(), List.of(allowed), none, 8, Clock.systemUTC()));
  }

  AgentRuntime open(RuntimeSettings settings) {
    return new SandboxRuntime(settings, executor);
  }

  @AfterEach
  void closeSandbox() {
    runtime.close();
    executor.shutdownNow();
  }

  TestAgent agent(String name) {
    return TestAgent.in(folder, name);
  }

  RunningAttempt start(TestAgent agent, Map<String, Object> input, Duration timeout) {
    return start(runtime, agent.read(), input, timeout);
  }

  RunningAttempt start(
      AgentRuntime in, AgentManifest agent, Map<String, Object> input, Duration timeout) {
    AttemptIdentity identity = new AttemptIdentity("r", "n", 1, "r/n", Optional.empty());
    LogSink sink =
        lines -> {
          lines.forEach(line -> log.add(line.text()));
          return CompletableFuture.completedFuture(null);
        };
    return in.start(new AttemptRequest(agent, input, folder, timeout, identity, sink));
  }

  AttemptResult run(TestAgent agent, Map<String, Object> input) {
    return end(start(agent, input, SOON));
  }

  AttemptResult run(TestAgent agent) {
    return run(agent, Map.of());
  }

  static AttemptResult end(RunningAttempt attempt) {
    return RuntimeContract.end(attempt);
  }

  static Failed failed(AttemptResult result, FailureType type) {
    return RuntimeContract.failed(result, type);
  }

  static Object output(AttemptResult result) {
    return RuntimeContract.output(result);
  }

  List<String> lines() {
    return List.copyOf(log);
  }
}
