package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every template works as it is made: its own test, its self-test in both runtimes, and a run. */
class AgentTemplatesIT {
  /** Where a Node is that runs TypeScript, if it is not the one on the PATH. */
  private static final String NODE = "DROVER_TEST_NODE";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"shell, sh", "python, python3", "java, javac"})
  void aNewAgentWorksAtOnce(String language, String tool) throws Exception {
    RequiredTool.assume("bwrap");
    RequiredTool.assume(tool);
    make(language);
    works(
        language.equals("python")
            ? List.of("python3", "-B", "-m", "unittest")
            : List.of("sh", "test.sh"));
  }

  @Test
  void aNewAgentInTypeScriptWorksAtOnce() throws Exception {
    RequiredTool.assume("bwrap");
    Path home = make("typescript");
    Path node = node();
    Path own = home.resolve("node").resolve("bin").resolve("node");
    Files.createDirectories(own.getParent());
    link(node, own);
    Path manifest = home.resolve("agent.yaml");
    String text = Files.readString(manifest);
    String command = text.replace("command: [node,", "command: [\"${agent.home}/node/bin/node\",");
    assertThat(command).isNotEqualTo(text);
    Files.writeString(manifest, command);
    works(List.of(own.toString(), "--test"));
  }

  @Test
  void aNodeThatIsTooOldIsSaidSoAtRegistration() throws IOException {
    RequiredTool.assume("node");
    Path home = make("typescript");
    // As an older Node would see itself.
    Path start = home.resolve("start.mjs");
    String text = Files.readString(start);
    Files.writeString(start, text.replace("process.versions.node", "\"20.19.2\""));
    assertThat(Files.readString(start)).isNotEqualTo(text);

    DroverCommand list = agents("list", "--test", "--runtime", "process");

    assertThat(list.exit()).isEqualTo(1);
    assertThat(list.out()).contains("UNAVAILABLE", "this agent needs Node 22.18 or later");
  }

  @Test
  void whatIsThereIsNotOverwritten() throws IOException {
    make("shell");
    DroverCommand again = agents("new", "sample", "--language", "python", "--dir");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("is there already");
    assertThat(folder.resolve("sample").resolve("agent.py")).doesNotExist();
    assertThat(agents("new", "No Name", "--language", "shell", "--dir").exit()).isEqualTo(2);
    assertThat(agents("new", "x", "--language", "cobol", "--dir").err()).contains("cobol");
  }

  private Path make(String language) {
    DroverCommand made = agents("new", "sample", "--language", language, "--dir");
    assertThat(made.exit()).as(made.err()).isZero();
    assertThat(made.out()).contains("try it");
    return folder.resolve("sample");
  }

  /** A command of the group on this test's folder; the option that names it is the last. */
  private DroverCommand agents(String... arguments) {
    boolean named = arguments[arguments.length - 1].equals("--dir");
    String[] all = Arrays.copyOf(arguments, arguments.length + (named ? 1 : 2));
    all[all.length - 2] = named ? "--dir" : "--agents";
    all[all.length - 1] = folder.toString();
    return DroverCommand.of(new AgentsCommand(), all);
  }

  private void works(List<String> test) throws IOException, InterruptedException {
    DroverCommand list = agents("list", "--test", "--runtime", "sandbox");
    assertThat(list.exit()).as(list.out() + list.err()).isZero();
    assertThat(list.out()).contains("self-test passed");
    DroverCommand run =
        agents("run", "sample", "--input", "{\"path\": \"src\"}", "--runtime", "process");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"usedPercent\"", "\"freeKiB\"");
    assertThat(run.err()).contains("looking at ", "/src, attempt 1", "succeeded after");
    itsOwnTest(test);
  }

  private void itsOwnTest(List<String> command) throws IOException, InterruptedException {
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.resolve("sample").toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("DROVER_AGENTS_CLASSPATH", classpath());
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
  }

  private static String classpath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path node() throws IOException, InterruptedException {
    String named = System.getenv(NODE);
    if (named != null && !named.isEmpty()) {
      return Path.of(named).toRealPath();
    }
    RequiredTool.assume("node");
    Process process =
        new ProcessBuilder("node", "-p", "process.execPath+' '+!!process.features.typescript")
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    boolean fits = process.waitFor(20, TimeUnit.SECONDS) && said.endsWith(" true");
    String message = "this test needs a Node 22.18 or later; " + NODE + " can name it";
    if (!fits && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(message);
    }
    Assumptions.assumeTrue(fits, message);
    return Path.of(said.substring(0, said.lastIndexOf(' '))).toRealPath();
  }

  /** The sandbox follows no link out of the agent's folder. */
  private static void link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (FileSystemException e) {
      Files.copy(from, to); // it lies on another file system
    }
  }
}
