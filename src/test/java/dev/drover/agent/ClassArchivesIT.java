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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java agents start from an archive of their classes, and without one where it is of no use. */
class ClassArchivesIT {
  /** Tells whether its JVM has mapped an archive of ours. */
  private static final String SOURCE =
      """
      package dev.drover.agents.test;

      public class Mapped {
        public static void main(String[] arguments) throws Exception {
          System.out.println(java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/maps")).contains("/agent-classes/"));
        }
      }
      """;

  private static final String MAIN = "dev.drover.agents.test.Mapped";

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
    assertThat(compiler.run(null, null, null, "-d", folder.toString(), source.toString())).isZero();
    Path jar = folder.resolve("mapped.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(MAIN.replace('.', '/') + ".class"));
      out.write(Files.readAllBytes(folder.resolve(MAIN.replace('.', '/') + ".class")));
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
            .command("[java, -XX:+UseSerialGC, -cp, \"${agents.classpath}\", " + MAIN + "]")
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"${agent.home}/java\", \"${agents.classpath}\"]",
        "[\"${agent.home}/java\", -cp, \"${agents.classpath}\", dev.drover.agents.test.Mapped]",
        "[java, -cp, \"${agents.classpath}\", org.example.Mine]",
        "[java, -cp, \"${agents.classpath}:${agent.home}\", dev.drover.agents.test.Mapped]",
        "[java, -javaagent:/agent/a.jar, -cp, \"${agents.classpath}\", dev.drover.agents.test.Mapped]"
      })
  void nobodyElsesProgramIsGivenAFolderOfTheServer(String command) throws IOException {
    assertThat(archives(List.of(jar())).isWanted(manifest(command, ""))).isFalse();
  }

  @Test
  void aJvmThatItsEnvironmentCouldTurnGetsNone() throws IOException {
    String command = "[java, -cp, \"${agents.classpath}\", " + MAIN + "]";
    ClassArchives archives = archives(List.of(jar()));

    assertThat(archives.isWanted(manifest(command, ""))).isTrue();
    assertThat(archives.isWanted(manifest(command, "env: { JAVA_TOOL_OPTIONS: -agentlib:x }")))
        .isFalse();
  }

  private ClassArchives archives(List<Path> jars) {
    return new ClassArchives(Optional.of(folder.resolve("agent-classes")), jars);
  }

  private AgentManifest manifest(String command, String more) {
    return TestAgent.in(folder, "mapped").command(command).with(more).file("unused", "").read();
  }

  @Test
  void whatIsNoPlainFileIsNoArchive() throws IOException {
    ClassArchives archives = archives(List.of(jar()));
    AgentManifest manifest = manifest("[java, -cp, \"${agents.classpath}\", " + MAIN + "]", "");
    Path workshop = archives.workshop(manifest);
    Files.createSymbolicLink(workshop.resolve("classes.jsa"), Path.of("/etc/passwd"));
    Files.createDirectories(workshop.resolve("left/behind"));

    archives.take(manifest, workshop, true);

    assertThat(archives.find(manifest)).isEmpty();
    assertThat(archives.isWanted(manifest)).isTrue();
    assertThat(archives()).isEmpty();
  }
}
