package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.agent.FileNames.Named;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of attempts go, whatever was made in them. */
class AttemptFolderIT {
  @TempDir private Path home;

  @Test
  void foldersWhosePathsNoSystemCallTakesAreDeleted() throws IOException {
    Path out = Files.createDirectories(home.resolve("attempt/out"));
    Path inner = Files.createDirectory(out.resolve("inner"));
    for (int i = 0; i < 40; i++) { // from within, as a path of 10,000 characters can't be made
      Path outer = Files.createDirectory(out.resolve("outer"));
      Files.move(inner, outer.resolve("x".repeat(250)));
      Files.writeString(outer.resolve("file"), "a");
      Files.move(outer, inner);
    }

    AttemptFolder.delete(home.resolve("attempt"));

    assertThat(home).isEmptyDirectory();
  }

  @Test
  void linksAreDeletedAndNotFollowedAndClosedFoldersAreOpened() throws IOException {
    Path other = Files.writeString(home.resolve("other"), "a");
    Path closed = Files.createDirectories(home.resolve("attempt/out/closed"));
    Files.createSymbolicLink(closed.resolve("link"), home);
    Files.createSymbolicLink(home.resolve("attempt/out/link"), other);
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));

    AttemptFolder.delete(home.resolve("attempt"));

    assertThat(home).isDirectoryContaining(p -> p.equals(other));
    assertThat(home.resolve("attempt")).doesNotExist();
    assertThat(other).hasContent("a");
  }

  @Test
  void aFaultOfTheFileThatIsWrittenIsNotTheAgents() throws IOException {
    Path out = Files.createDirectory(home.resolve("out"));
    Files.writeString(out.resolve("a"), "a");
    OutFolder folder = new OutFolder(out, AgentManifest.ArtifactLimits.DEFAULT);
    Named given = new Named("a", "text/plain");
    Path taken = Files.createFile(home.resolve("taken"));

    assertThatThrownBy(() -> folder.copy(given, taken))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> folder.copy(given, home.resolve("gone/a")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> folder.copy(new Named("b", "text/plain"), taken))
        .isInstanceOf(FilesRefused.class)
        .hasMessageContaining("is not in the folder");
  }

  @Test
  void whatAKilledServerHasLeftIsDeleted() throws IOException {
    Files.writeString(Files.createDirectories(home.resolve("old/out")).resolve("a"), "a");
    var executor = Executors.newSingleThreadExecutor();

    new AttemptFolders(home, executor, AttemptFolders.Settings.USUAL).tidy();

    assertThat(home).isEmptyDirectory();
    executor.shutdown();
  }
}
