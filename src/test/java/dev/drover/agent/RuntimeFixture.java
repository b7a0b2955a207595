package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.AttemptResult.Succeeded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of a runtime have in common: the runtime, small agents, a log. */
abstract class RuntimeFixture {
  static final Duration SOON = Duration.ofSeconds(20);
  static final String TOKEN = "s3cr3t-t0ken";

  @TempDir Path folder;
  ExecutorService executor;
  AgentRuntime runtime;
  final List<LogLine> log = Collections.synchronizedList(new ArrayList<>());

  abstract AgentRuntime open(RuntimeSettings settings);

  @BeforeEach
  void openRuntime() throws IOException {
    Files.createDirectories(folder.resolve("allowed"));
    executor = Executors.newFixedThreadPool(3);
    runtime = open(settings(8));
  }

  RuntimeSettings settings(int maxConcurrent) {
    Secrets secrets = name -> name.equals("TOKEN") ? Optional.of(TOKEN) : Optional.empty();
    List<Path> roots = List.of(folder.resolve("allowed"));
    return new RuntimeSettings(List.of(), roots, secrets, maxConcurrent, Clock.systemUTC());
  }

  @AfterEach
  void closeRuntime() {
    if (runtime != null) {
      runtime.close();
    }
    executor.shutdownNow();
  }

  TestAgent agent() {
    return agent("sample");
  }

  /** An agent of that name, of a kind that the runtime can run. */
  TestAgent agent(String name) {
    return TestAgent.in(folder, name);
  }

  RunningAttempt start(AgentManifest manifest, Map<String, Object> input, Duration timeout) {
    return start(manifest, input, timeout, "ops/sample");
  }

  RunningAttempt start(
      AgentManifest manifest, Map<String, Object> input, Duration timeout, String share) {
    Optional<String> traceparent = Optional.of("00-abc-def-01");
    AttemptIdentity identity =
        new AttemptIdentity("run-1", "node-1", 2, "run-1/node-1", traceparent, share);
    return runtime.start(
        new AttemptRequest(
            manifest, input, Path.of("").toAbsolutePath(), timeout, identity, this::keep));
  }

  private CompletableFuture<?> keep(List<LogLine> lines) {
    log.addAll(lines);
    return CompletableFuture.completedFuture(null);
  }

  AttemptResult run(TestAgent agent, Map<String, Object> input) {
    return end(start(agent.read(), input, SOON));
  }

  AttemptResult run(TestAgent agent) {
    return run(agent, Map.of());
  }

  static AttemptResult end(RunningAttempt attempt) {
    return attempt.result().orTimeout(40, TimeUnit.SECONDS).join();
  }

  static Failed failed(AttemptResult result, FailureType type) {
    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).type()).as(((Failed) result).message()).isEqualTo(type);
    return (Failed) result;
  }

  static Object output(AttemptResult result) {
    assertThat(result).isInstanceOf(Succeeded.class);
    return ((Succeeded) result).output();
  }

  List<String> lines() {
    return List.copyOf(log).stream().map(LogLine::text).toList();
  }

  /** Whether a process with that text on its command line lives on this host. */
  static long living(String mark) {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(p -> p.getFileName().toString().matches("\\d+"))
          .filter(p -> commandLine(p).contains(mark))
          .count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static String commandLine(Path process) {
    try {
      byte[] bytes = Files.readAllBytes(process.resolve("cmdline"));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** A length of sleep that no other process has. */
  static String mark() {
    return "7" + String.valueOf(System.nanoTime()).substring(3);
  }

  RunningAttempt start(AgentManifest manifest, LogSink sink, Duration timeout) {
    AttemptIdentity identity = new AttemptIdentity("r", "n", 1, "k", Optional.empty());
    return runtime.start(new AttemptRequest(manifest, Map.of(), folder, timeout, identity, sink));
  }
}
