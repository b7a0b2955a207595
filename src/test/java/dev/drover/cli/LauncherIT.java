package dev.drover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher runs, told by a program in Java's place that prints its arguments. */
class LauncherIT {
  /** What an archive that is whole begins with, on a little-endian machine. */
  private static final byte[] WHOLE = {(byte) 0xa8, (byte) 0xab, 0x0b, (byte) 0xf0, 1, 2};

  private static final long NOBODY = 999_999_999;

  @TempDir private Path root;

  @BeforeEach
  void build() throws IOException {
    Files.copy(ServeProcess.home().resolve("drover"), root.resolve("drover"));
    Files.createDirectories(root.resolve("target/lib"));
    Files.writeString(root.resolve("target/lib/a.jar"), "a");
    Files.writeString(root.resolve("target/drover-agents.jar"), "");
    Path jar = Files.writeString(root.resolve("target/drover.jar"), "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    java("17.0.15");
  }

  @Test
  void onJava17AServerWritesAnArchiveThatLaterStartsUse() throws IOException {
    Path made = madeBy(serve());
    assertThat(made).hasParentRaw(target());
    Files.write(written(made, NOBODY), WHOLE);
    Path archive = used(serve());
    assertThat(made.getFileName().toString()).startsWith(archive.getFileName() + ".");
    assertThat(archive).exists().hasParent(target());
    assertThat(used(serve())).isEqualTo(archive);
    assertThat(archives()).containsExactly(archive);
  }

  @Test
  void anArchiveThatIsNotWholeIsNeverUsed() throws IOException {
    Path half = written(madeBy(serve()), NOBODY);
    Files.write(half, new byte[1_000]);
    madeBy(serve());
    assertThat(half).doesNotExist();
  }

  @Test
  void anArchiveThatIsBeingWrittenIsLeftAlone() throws IOException {
    Path half = written(madeBy(serve()), ProcessHandle.current().pid());
    Files.write(half, new byte[1_000]);
    madeBy(serve());
    assertThat(half).exists();
  }

  @Test
  void anotherJarLibraryOrJavaNeedsAnotherArchive() throws IOException {
    Files.write(written(madeBy(serve()), NOBODY), WHOLE);
    Path first = used(serve());
    Files.setLastModifiedTime(
        root.resolve("target/drover.jar"), FileTime.from(Instant.now().plusSeconds(60)));
    madeBy(serve());
    assertThat(first).doesNotExist();
    Files.write(first, WHOLE);
    Files.writeString(root.resolve("target/lib/a.jar"), "another");
    madeBy(serve());
    java("17.0.16");
    madeBy(serve());
  }

  @Test
  void newerJavasSeeToTheirArchiveThemselves() throws IOException {
    java("21.0.1");
    assertThat(serve())
        .contains("-XX:+AutoCreateSharedArchive")
        .contains("-XX:SharedArchiveFile=" + target().resolve("drover-21.jsa"));
  }

  @Test
  void whoChoosesAnArchiveHimselfIsNotDisturbed() throws IOException {
    List<String> arguments = run("-Xmx1g -XX:SharedArchiveFile=mine.jsa", "serve");
    assertThat(arguments)
        .containsExactly(
            "-Xmx1g",
            "-XX:SharedArchiveFile=mine.jsa",
            "-jar",
            target().resolve("drover.jar").toString(),
            "serve");
  }

  @Test
  void shortCommandsNeedNoArchive() throws IOException {
    assertThat(run("", "validate", "x.yaml"))
        .contains("-XX:TieredStopAtLevel=1", "validate", "x.yaml")
        .noneMatch(argument -> argument.contains("rchive"));
  }

  private List<String> serve() throws IOException {
    return run("", "serve", "--port", "1");
  }

  private static Path madeBy(List<String> arguments) {
    return path(arguments, "-XX:ArchiveClassesAtExit=");
  }

  private static Path used(List<String> arguments) {
    return path(arguments, "-XX:SharedArchiveFile=");
  }

  private static Path path(List<String> arguments, String option) {
    assertThat(arguments).anyMatch(argument -> argument.startsWith(option));
    return arguments.stream()
        .filter(argument -> argument.startsWith(option))
        .map(argument -> Path.of(argument.substring(option.length())))
        .findFirst()
        .orElseThrow();
  }

  /** Where another process would have written it. */
  private static Path written(Path made, long process) {
    String name = made.getFileName().toString();
    return made.resolveSibling(name.substring(0, name.lastIndexOf('.') + 1) + process);
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(target())) {
      return files.filter(file -> file.toString().contains(".jsa")).toList();
    }
  }

  private Path target() throws IOException {
    return root.toRealPath().resolve("target");
  }

  private void java(String version) throws IOException {
    String script =
        """
        #!/bin/sh
        if [ "$1" = -version ]; then
          echo 'openjdk version "%s"' >&2
        else
          printf '%%s\\n' "$@"
        fi
        """
            .formatted(version);
    Path java = Files.createDirectories(root.resolve("jdk/bin")).resolve("java");
    Path next = Files.writeString(root.resolve("jdk/next"), script);
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(next, java, StandardCopyOption.REPLACE_EXISTING);
  }

  private List<String> run(String options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", root.resolve("drover").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().put("JAVA_OPTS", options);
    Process process = builder.redirectErrorStream(true).start();
    try (var lines = process.inputReader()) {
      return lines.lines().toList();
    }
  }
}
