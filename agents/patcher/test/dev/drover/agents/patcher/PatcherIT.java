package dev.drover.agents.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.drover.agents.kit.BadInput;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The agent as a whole: its manifest, its program, and what it leaves on disk. */
class PatcherIT {
  private static final Path AGENT =
      Path.of(System.getProperty("drover.home", "."), "agents", "patcher");

  @TempDir Path folder;

  @Test
  void theSelfTestPassesInAProcessOfItsOwn() throws Exception {
    JsonNode manifest = manifest();
    List<String> command = new ArrayList<>();
    manifest
        .path("command")
        .forEach(word -> command.add(word.asText().replace("${agents.classpath}", classpath())));
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .directory(AGENT.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().write(Trial.JSON.writeValueAsBytes(manifest.at("/selfTest/input")));
    process.getOutputStream().close();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    JsonNode report = Trial.JSON.readTree(out.toFile());
    assertThat(schema("input").validate(manifest.at("/selfTest/input"))).isEmpty();
    assertThat(schema("output").validate(report)).isEmpty();
    for (Map.Entry<String, JsonNode> expected : manifest.at("/selfTest/expect").properties()) {
      assertThat(report.get(expected.getKey()))
          .as(expected.getKey())
          .isEqualTo(expected.getValue());
    }
  }

  @Test
  void withoutBeingToldNothingIsWritten() throws Exception {
    Trial trial =
        new Trial(folder).file("a", "old").fix("{'replace': 'old', 'with': 'new', 'files': ['a']}");
    JsonNode looked = trial.run();
    JsonNode allowed = trial.with("writableTarget", folder.toString()).run();
    for (JsonNode report : List.of(looked, allowed)) {
      assertThat(report.path("written").asBoolean()).isFalse();
      assertThat(report.path("diff").asText()).contains("-old\n").contains("+new\n");
      assertThat(schema("output").validate(report)).isEmpty();
    }
    assertThat(trial.text("a")).isEqualTo("old");
  }

  @Test
  void writingKeepsPermissionsAndLeavesNothingBehind() throws Exception {
    Trial trial = new Trial(folder).file("run", "old").file("b", "old");
    Files.setPosixFilePermissions(
        folder.resolve("run"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.setPosixFilePermissions(
        folder.resolve("b"), PosixFilePermissions.fromString("rw-r-----"));
    trial.fix("{'replace': 'old', 'with': 'new', 'files': ['**']}").write();
    assertThat(permissions("run") + permissions("b")).isEqualTo("rwxr-x--xrw-r-----");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void fixesBuildOnEachOther() throws Exception {
    JsonNode report =
        new Trial(folder)
            .file("a", "1\n")
            .fix("{'replace': '1', 'with': '2', 'files': ['a']}")
            .patch("--- a/a\n+++ b/a\n@@ -1 +1 @@\n-2\n+3\n")
            .fix("{'replace': '3', 'with': '1', 'files': ['a']}")
            .write();
    assertThat(report.path("ok").asBoolean()).isTrue();
    assertThat(report.path("files")).isEmpty();
  }

  @Test
  void aFixThatFailsTakesTheOthersWithItUnlessPartial() throws Exception {
    Trial trial =
        new Trial(folder)
            .file("a", "old")
            .fix("{'replace': 'old', 'with': 'new', 'files': ['a']}")
            .fix("{'replace': 'new', 'with': 'x', 'files': ['a'], 'expect': 7}");
    assertThat(trial.write().path("written").asBoolean()).isFalse();
    assertThat(trial.text("a")).isEqualTo("old");
    assertThat(trial.with("partial", true).write().path("written").asBoolean()).isTrue();
    assertThat(trial.text("a")).isEqualTo("new");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                               | as target",
        "{'target': '.', 'writableTarget': '.', 'fixes': []}              | one of them",
        "{'target': '.', 'fixes': []}                                     | from 1 to 200",
        "{'target': '.', 'write': true, 'fixes': [{'npm':'a','to':'1.0.0'}]} | needs writableTarget",
        "{'writableTarget': '.', 'commit': {}, 'fixes': [{'npm':'a','to':'1.0.0'}]} | needs write",
        "{'target': '.', 'fixes': [{'npm':'a','maven':'a:b'}]}            | exactly one of",
        "{'target': '.', 'fixes': [{'npm':'../a','to':'1.0.0'}]}          | a package's name",
        "{'target': '.', 'fixes': [{'npm':'a','to':'^1'}]}                | to must be a version",
        "{'target': '.', 'fixes': [{'maven':'a','to':'1'}]}               | groupId:artifactId",
        "{'target': '.', 'fixes': [{'maven':'a:b','to':'1</version>'}]}   | to must be a version",
        "{'target': '.', 'fixes': [{'regex':'a','with':'b'}]}             | needs with",
        "{'target': '.', 'fixes': [{'patch':'a','fuzz':11}]}              | fuzz must be an integer",
        "{'writableTarget': '.', 'write': true, 'commit': {'branch':'-x','message':'m'}, 'fixes': [{'npm':'a','to':'1.0.0'}]} | plain branch name",
        "{'writableTarget': '.', 'write': true, 'commit': {'branch':'x','message':'m','author':'A'}, 'fixes': [{'npm':'a','to':'1.0.0'}]} | Name <mail>",
      })
  void aWrongRequestIsRefusedWithTheReason(String json, String reason) throws Exception {
    JsonNode input = Trial.JSON.readTree(json.replace('\'', '"'));
    assertThatThrownBy(() -> RequestReader.read(dev.drover.agents.kit.InputObject.of(input)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason);
    assertThat(schema("input").validate(input)).as("the schema refuses it, too").isNotEmpty();
  }

  /** The process has another working directory. */
  private static String classpath() {
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    return Arrays.stream(entries)
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private String permissions(String path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
  }

  private static JsonNode manifest() throws Exception {
    return Trial.JSON.valueToTree(
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(AGENT.resolve("agent.yaml"))));
  }

  private static JsonSchema schema(String side) throws Exception {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(manifest().path(side));
  }
}
