package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One attempt without a server, as people debug with it. */
class AgentsRunIT {
  private static final String MANIFEST =
      """
      name: sample
      command: [sh, run.sh]
      input: { type: object, required: [say], properties: { say: { type: string } } }
      selfTest: { input: { say: well } }
      """;

  @TempDir Path folder;

  private DroverCommand run(String manifest, String script, String... arguments)
      throws IOException {
    Path home = Files.createDirectories(folder.resolve("one"));
    Files.writeString(home.resolve("agent.yaml"), manifest);
    Files.writeString(home.resolve("run.sh"), script);
    String[] all = Arrays.copyOf(arguments, arguments.length + 4);
    System.arraycopy(
        new String[] {"--agents", folder.toString(), "--runtime", "process"},
        0,
        all,
        arguments.length,
        4);
    return DroverCommand.of(new AgentsRun(), all);
  }

  @Test
  void outputAndLogAreKeptApart() throws IOException {
    DroverCommand run = run(MANIFEST, "echo one >&2; cat", "sample", "--input", "{\"say\":\"a\"}");
    assertThat(run.exit()).isZero();
    assertThat(run.out()).isEqualToIgnoringNewLines("{\n  \"say\" : \"a\"\n}\n");
    assertThat(run.err().lines().findFirst()).hasValue("one");
  }

  @Test
  void theInputComesFromAFileOrTheSelfTest() throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), "{\"say\":\"from a file\"}");
    assertThat(run(MANIFEST, "cat", "sample", "--input", file.toString()).out())
        .contains("from a file");
    assertThat(run(MANIFEST, "cat", "sample").out()).contains("well");
  }

  @Test
  void theExitCodeTellsTheKindOfFailure() throws IOException {
    DroverCommand temporary = run(MANIFEST, "echo busy >&2; exit 75", "sample");
    assertThat(temporary.exit()).isEqualTo(75);
    assertThat(temporary.err()).contains("TEMPORARY: asks to be tried again", "busy");
    DroverCommand broken = run(MANIFEST, "echo oops", "sample");
    assertThat(broken.exit()).isEqualTo(1);
    assertThat(broken.err()).contains("OUTPUT_NOT_JSON");
    assertThat(broken.out()).isEmpty();
    DroverCommand slow = run(MANIFEST, "exec sleep 30", "sample", "--timeout", "1");
    assertThat(slow.exit()).isEqualTo(1);
    assertThat(slow.err()).contains("TIMEOUT");
  }

  @Test
  void filesThatItLeavesGoToAFolderAndItsPriceIsSaid() throws IOException {
    String leaves =
        """
        mkdir "$DROVER_OUT/a"; echo words > "$DROVER_OUT/a/report.txt"
        echo '{"report":{"$artifact":"a/report.txt"}}'
        """;
    String manifest = MANIFEST + "artifacts: {}\ncost: { perAttempt: 0.25 }\n";
    Path out = folder.resolve("out");
    DroverCommand run = run(manifest, leaves, "sample", "--out", out.toString());
    assertThat(out.resolve("a/report.txt")).hasContent("words\n");
    assertThat(run.out()).contains(out.resolve("a/report.txt").toString());
    assertThat(run.err()).contains("succeeded after", ", cost 0.25");
    assertThat(run(manifest, leaves, "sample").out()).contains("\"name\" : \"a/report.txt\"");
  }

  @Test
  void whatCannotRunIsSaidBeforeItRuns() throws IOException {
    assertThat(run(MANIFEST, "cat", "sampl").err())
        .contains("no agent in", "is called \"sampl\"", "sample");
    assertThat(run(MANIFEST, "cat", "sample", "--input", "{}").err())
        .contains("INPUT_INVALID", "say");
    assertThat(run(MANIFEST, "cat", "sample", "--input", "{").err())
        .contains("INPUT_INVALID: the input is not JSON");
    Path list = Files.writeString(folder.resolve("list.json"), "[]");
    assertThat(run(MANIFEST, "cat", "sample", "--input", list.toString()).exit()).isEqualTo(2);
    assertThat(run("name: one\n", "cat", "one").err()).contains("command");
    assertThat(run(MANIFEST + "env: { K: \"${{ secrets.NOT_THERE }}\" }\n", "cat", "sample").err())
        .contains("SECRET_MISSING", "NOT_THERE");
    assertThat(run(MANIFEST, "cat", "sample", "--input", "/no/such.json").err())
        .contains("a file can't be read", "/no/such.json");
  }
}
