package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.RequiredTool;
import dev.drover.agent.AttemptResult.Succeeded;
import dev.drover.name.AgentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java agents start from an archive of their classes, and without one where it is of no use. */
class ClassArchivesIT {
  /** Tells whether its JVM has mapped an archive of ours. */
  private static final String SOURCE =
      """
      import java.nio.file.*;
      public class Mapped {
        public static void main(String[] arguments) throws Exception {
          System.out.println(Files.readString(Path.of("/proc/self/maps")).contains("/agent-classes/"));
        }
      }
      """;

  @TempDir Path folder;
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final List<LogLine> log = new CopyOnWriteArrayList<>();
  private AgentRuntime runtime;

  private Agents open(String name) throws IOException {
    RuntimeSettings.Libraries libraries =
        new RuntimeSettings.Libraries(List.of(jar()), Optional.of(folder.resolve("agent-classes")));
    RuntimeSettings settings =
        new RuntimeSettings(
            libraries,
            List.of(),
            Secrets.NONE,
            2,
            Clock.systemUTC(),
            Duration.ofSeconds(8),
            List.of());
    runtime =
        name.equals("sandbox")
            ? new SandboxRuntime(settings, executor)
            : new ProcessRuntime(settings, executor);
    return new Agents(runtime, executor);
  }

  @AfterEach
  void close() {
    if (runtime != null) {
      runtime.close();
    }
    executor.shutdownNow();
  }

  private Path jar() throws IOException {
    Path source = Files.writeString(folder.resolve("Mapped.java"), SOURCE);
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler.run(null, null, null, source.toString())).isZero();
    Path jar = folder.resolve("mapped.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("Mapped.class"));
      out.write(Files.readAllBytes(folder.resolve("Mapped.class")));
    }
    return jar;
  }

  private List<Path> archives() {
    try (Stream<Path> all = Files.list(folder.resolve("agent-classes"))) {
      return new ArrayList<>(all.toList());
    } catch (IOException e) {
      return List.of();
    }
  }

  private Object run(Agents agents) {
    AttemptIdentity identity = new AttemptIdentity("r", "n", 1, "k", Optional.empty());
    LogSink sink =
        lines -> {
          log.addAll(lines);
          return CompletableFuture.completedFuture(null);
        };
    AgentCall call =
        new AgentCall(new AgentName("mapped"), Map.of(), Optional.empty(), identity, sink);
    return ((Succeeded) RuntimeContract.end(agents.run(call))).output();
  }

  @ParameterizedTest
  @ValueSource(strings = {"process", "sandbox"})
  void theSelfTestLeavesAnArchiveWhichIsUsedUnlessItIsBroken(String name) throws IOException {
    RequiredTool.assume("bwrap");
    Agents agents = open(name);
    Path home =
        TestAgent.in(folder, "mapped")
            .command("[java, -XX:+UseSerialGC, -cp, \"${agents.classpath}\", Mapped]")
            .with("selfTest: { input: {}, expect: false }")
            .file("unused", "")
            .write();

    assertThat(agents.register(home).availability().join())
        .isEqualTo(new Availability.Available(true));
    await()
        .atMost(RuntimeContract.SOON)
        .until(() -> archives().stream().map(Path::toString).anyMatch(f -> f.endsWith(".jsa")));
    assertThat(run(agents)).isEqualTo(true);

    Path archive = archives().get(0);
    assertThat(archive.toFile().setWritable(true)).isTrue();
    Files.writeString(archive, "no archive");
    assertThat(run(agents)).isEqualTo(false);
    assertThat(log).isEmpty();
  }
}
