package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a killed server can leave in a data directory, one thing after the other. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedDatabaseIT {
  @TempDir static Path folder;

  private DataDirectory directory;

  @BeforeEach
  void take() throws IOException {
    directory = DataDirectory.take(folder);
  }

  @AfterEach
  void release() throws IOException {
    directory.close();
  }

  @Test
  @Order(1)
  void whatAFirstStartLeftUnfinishedIsMadeAnew() throws Exception {
    Files.createDirectories(cluster().resolve("base"));
    Files.writeString(cluster().resolve("postgresql.conf"), "# half of it\n");
    Files.writeString(
        cluster().resolve("pg_hba.conf"), "# scram-sha-256\nhost all all all trust\n");
    Files.createDirectories(folder.resolve("binaries/PG-half/lib"));
    startAndConnect();
    assertThat(folder.resolve("binaries/PG-half")).doesNotExist();
    assertThat(Files.getPosixFilePermissions(password()).toString())
        .doesNotContain("GROUP", "OTHERS");
  }

  @Test
  @Order(2)
  void aClusterThatDidNotYetAskForItsPasswordAsksAfterTheNextStart() throws Exception {
    Files.writeString(cluster().resolve("pg_hba.conf"), "host all all all trust\n");
    startAndConnect();
  }

  @Test
  @Order(3)
  void aNoteThatNamesAnotherProcessIsNoReasonNotToStart() throws Exception {
    String self = String.valueOf(ProcessHandle.current().pid());
    Files.write(
        cluster().resolve("postmaster.pid"),
        List.of(self, cluster().toString(), "1000000000", "5432", "", "localhost", "", "ready"));
    startAndConnect();
    Files.writeString(cluster().resolve("postmaster.pid"), "");
    assertThat(OrphanedPostgres.find(cluster())).isEmpty();
    Files.delete(cluster().resolve("postmaster.pid"));
  }

  @Test
  @Order(4)
  void aFolderThatIsTakenIsRefused() {
    assertThatThrownBy(() -> DataDirectory.take(folder))
        .isInstanceOf(DataDirectory.InUse.class)
        .hasMessageContaining("is in use by another Drover");
  }

  @Test
  @Order(5)
  void aFinishedClusterWithoutItsPasswordIsKeptAndSaysSo() throws Exception {
    Files.delete(password());
    assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
        .isInstanceOf(EmbeddedDatabase.NotStarted.class)
        .hasMessageContaining("its password, the file " + password() + ", is missing");
    assertThat(cluster().resolve("PG_VERSION")).exists();
  }

  private void startAndConnect() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
      DriverManager.getConnection(database.url(), database.user(), database.password()).close();
      assertThatThrownBy(() -> DriverManager.getConnection(database.url(), "postgres", "wrong"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("authentication failed");
    }
    assertThat(cluster().resolve("postmaster.pid")).doesNotExist();
  }

  private static Path cluster() {
    return folder.resolve("postgres");
  }

  private static Path password() {
    return folder.resolve("postgres.password");
  }
}
