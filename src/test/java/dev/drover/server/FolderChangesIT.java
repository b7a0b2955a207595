package dev.drover.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderChangesIT {
  @TempDir private Path folder;
  private Path file;
  private FolderChanges changes;

  @BeforeEach
  void prepare() {
    file = folder.resolve("a.yaml");
    changes = new FolderChanges(folder, path -> true);
  }

  private void write(String text, Instant at) throws IOException {
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(at));
  }

  @Test
  void whatIsWrittenAgainAtTheSameTimeWithTheSameLengthHasChanged() throws IOException {
    Instant now = Instant.now();
    write("one", now);
    assertThat(changes.look().changed()).containsExactly(file);
    assertThat(changes.look().isEmpty()).isTrue();
    write("uno", now);
    assertThat(changes.look().changed()).containsExactly(file);
    assertThat(changes.look().isEmpty()).isTrue();
  }

  @Test
  void aFileThatGrowsOldHasNotChanged() throws IOException {
    Instant nearlyOld = Instant.now().minus(Duration.ofMillis(1_900));
    write("one", nearlyOld);
    assertThat(changes.look().changed()).containsExactly(file);
    await().until(() -> Instant.now().isAfter(nearlyOld.plus(Duration.ofMillis(2_050))));
    assertThat(changes.look().isEmpty()).isTrue();
    assertThat(changes.look().isEmpty()).isTrue();
  }

  @Test
  void anOldFileIsKnownByItsTimeAndLength() throws IOException {
    Instant old = Instant.now().minus(Duration.ofHours(1));
    write("one", old);
    assertThat(changes.look().changed()).containsExactly(file);
    write("one", old.plusSeconds(1));
    assertThat(changes.look().changed()).containsExactly(file);
    write("four", old.plusSeconds(1));
    assertThat(changes.look().changed()).containsExactly(file);
    assertThat(changes.look().isEmpty()).isTrue();
    Files.delete(file);
    assertThat(changes.look().gone()).containsExactly(file);
  }
}
