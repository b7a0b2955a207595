package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Agents that read, write and plant files where they must not. */
class HostileFilesIT extends HostileAgents {
  @Test
  @SuppressWarnings("unchecked")
  void nothingOfTheHostsFilesAndProcessesCanBeRead() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data/postgres"));
    agent("other").script("echo 1").write();
    Map<String, Object> input =
        Map.of(
            "shadow", "/etc/shadow",
            "other", folder.resolve("other/run.sh").toString(),
            "data", Files.writeString(data.resolve("PG_VERSION"), "15").toString(),
            "server", String.valueOf(ProcessHandle.current().pid()));

    AgentManifest reader = hostile("reader");

    assertThat((List<Object>) contained(reader, input)).isEmpty();
    List<String> readable = new ArrayList<>(List.of("other", "data", "environ", "maps", "root"));
    if (Files.isReadable(Path.of("/etc/shadow"))) {
      readable.add("shadow");
    }
    assertThat((List<String>) free(reader, input))
        .containsAll(readable)
        .contains("fd", "sees others");
  }

  @Test
  @SuppressWarnings("unchecked")
  void nothingCanBeWrittenMountedOrMadeOutsideOfTmp() {
    Map<String, Object> input = Map.of("outside", folder.toString());
    AgentManifest writer = hostile("writer");

    assertThat((List<Object>) contained(writer, input)).isEmpty();
    assertThat(folder.resolve("written")).doesNotExist();
    assertThat((List<Object>) free(writer, input)).hasSize(2);
  }

  @Test
  @SuppressWarnings("unchecked")
  void whatIsPlantedInAWritableMountHarmsNobody() throws IOException {
    Path target = Files.createDirectories(folder.resolve("allowed/out"));
    Map<String, Object> input = Map.of("target", target.toString());

    assertThat((List<Object>) contained(hostile("planter"), input)).isEmpty();

    assertThat(target.resolve("link-to-shadow")).isSymbolicLink();
    assertThat(target.resolve("fifo")).exists();
    try (Stream<Path> planted = Files.list(target)) {
      for (Path file : planted.toList()) {
        int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        assertThat(mode & 06000).as(file.toString()).isZero();
      }
    }
    assertThat(Files.getPosixFilePermissions(target.resolve("tool")))
        .contains(PosixFilePermission.OWNER_EXECUTE);
    TestAgent next =
        agent("next").with("mounts: [ { input: target, as: /work/in } ]").script("echo 1");
    for (String link : List.of("link-to-shadow", "link-to-root", "link-out")) {
      Map<String, Object> through = Map.of("target", target.resolve(link).toString());
      failed(run(next, through), FailureType.MOUNT_REFUSED);
    }
  }

  @Test
  void theServersOwnDataInAMountIsNotShown() throws IOException {
    Path root = folder.resolve("allowed");
    Path data = Files.createDirectories(root.resolve("project/.drover/postgres"));
    Files.writeString(data.resolve("password"), "hidden");
    Files.writeString(root.resolve("project/README"), "shown");
    runtime.close();
    runtime =
        open(
            new RuntimeSettings(
                new RuntimeSettings.Libraries(List.of(), Optional.empty()),
                List.of(root),
                name -> Optional.empty(),
                8,
                Clock.systemUTC(),
                Duration.ofSeconds(8),
                List.of(root.resolve("project/.drover"))));
    TestAgent reader =
        agent("reader")
            .with("mounts: [ { input: target, as: /work/in, readOnly: false } ]")
            .script(
                "cd /work/in; mv project moved 2>/dev/null; mv moved/.drover x 2>/dev/null",
                "grep -rl -e hidden -e shown . | tr '\\n' ' ' >&2; touch moved/.drover/x || echo 1");

    for (String inside : List.of("project/.drover", "project/.drover/postgres")) {
      Map<String, Object> input = Map.of("target", root.resolve(inside).toString());
      assertThat(failed(run(reader, input), FailureType.MOUNT_REFUSED).message())
          .contains("belongs to the server itself");
    }
    assertThat(output(run(reader, Map.of("target", root.toString())))).isEqualTo(1L);
    assertThat(lines()).anyMatch(line -> line.contains("./moved/README"));
    assertThat(lines()).noneMatch(line -> line.contains("password"));
    assertThat(root.resolve("moved/.drover/postgres/password")).hasContent("hidden");
  }

  @Test
  void aLinkThatIsPlantedInAMountLeadsTheNextAgentIntoItsOwnSandbox() throws IOException {
    Path target = Files.createDirectories(folder.resolve("allowed/shared"));
    Path secret = Files.writeString(folder.resolve("secret.txt"), "\"the host's\"");
    Files.createSymbolicLink(target.resolve("link"), secret);
    TestAgent next =
        agent("next")
            .with("mounts: [ { input: target, as: /work/in } ]")
            .script("cat /work/in/link 2>/dev/null || echo '\"nothing\"'");

    Map<String, Object> input = Map.of("target", target.toString());
    assertThat(output(run(next, input))).isEqualTo("nothing");
    assertThat(target.resolve("link")).hasContent("\"the host's\"");
  }
}
