package dev.drover.agents.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.RequiredTool;
import dev.drover.agents.kit.WorkFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitIT {
  @TempDir Path folder;
  private Trial trial;

  @BeforeEach
  void repository() throws Exception {
    RequiredTool.assume("git");
    trial = new Trial(folder).file("a.txt", "old\n").file("dir/ü b.txt", "old\n");
    Trial.git(folder, "init", "-q", "-b", "main");
    Trial.git(folder, "add", "-A");
    Trial.git(folder, "commit", "-qm", "first");
    Path hook = folder.resolve(".git/hooks/reference-transaction");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\ntouch " + folder.resolve("hooked") + "\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    trial.fix("{'replace': 'old', 'with': 'new', 'files': ['*.txt'], 'expect': 2}");
  }

  private Trial commit(String branch) {
    return trial.with(
        "commit",
        Map.of("branch", branch, "message", "Fix it\n\n-- because", "author", "Dr. Över <d@e.f>"));
  }

  @Test
  void anotherBranchGetsTheCommitAndTheCheckedOutFilesStay() throws Exception {
    JsonNode report = commit("fix/it").write();

    String hash = report.path("commit").asText();
    assertThat(Trial.git(folder, "rev-parse", "fix/it").strip()).isEqualTo(hash);
    assertThat(Trial.git(folder, "rev-parse", "fix/it~1"))
        .isEqualTo(Trial.git(folder, "rev-parse", "main"));
    assertThat(Trial.git(folder, "show", "fix/it:dir/ü b.txt")).isEqualTo("new\n");
    assertThat(Trial.git(folder, "log", "-1", "--format=%an|%ae|%cn|%B", hash).strip())
        .isEqualTo(
            new String(
                "Dr. Över|d@e.f|Dr. Över|Fix it\n\n-- because".getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1));
    assertThat(Trial.git(folder, "status", "--porcelain")).isEmpty();
    assertThat(trial.text("a.txt")).isEqualTo("old\n");
    assertThat(report.path("written").asBoolean()).isFalse();
    assertThat(folder.resolve("hooked")).doesNotExist();
  }

  @Test
  void theSecondAttemptFindsTheCommitOfTheFirst() throws Exception {
    String first = commit("fix").write().path("commit").asText();
    assertThat(commit("fix").write().path("commit").asText()).isEqualTo(first);
  }

  @Test
  void theCheckedOutBranchIsMovedOnlyIfItIsNamedAndItsFilesWithIt() throws Exception {
    JsonNode report = commit("main").write();
    assertThat(Trial.git(folder, "status", "--porcelain")).isEmpty();
    assertThat(trial.text("a.txt")).isEqualTo("new\n");
    assertThat(report.path("written").asBoolean()).isTrue();
    assertThat(Trial.git(folder, "rev-parse", "HEAD").strip())
        .isEqualTo(report.path("commit").asText());
    Trial.git(folder, "fsck", "--strict");
  }

  @Test
  void createdDeletedAndExecutableFilesAreCommitted() throws Exception {
    trial
        .again()
        .patch(
            """
            diff --git a/a.txt b/a.txt
            deleted file mode 100644
            --- a/a.txt
            +++ /dev/null
            @@ -1 +0,0 @@
            -old
            diff --git a/bin/run b/bin/run
            new file mode 100755
            --- /dev/null
            +++ b/bin/run
            @@ -0,0 +1 @@
            +#!/bin/sh
            """);
    commit("fix").write();
    assertThat(
            Trial.git(folder, "ls-tree", "-r", "--format=%(objectmode) %(path)", "-z", "fix")
                .split("\0", -1))
        .hasSize(3)
        .contains("100755 bin/run");
  }

  @Test
  void aDirtyTreeIsRefusedUnlessToldAndThenOnlyElsewhere() throws Exception {
    trial.file("c.txt", "c\n");
    Trial.git(folder, "add", "c.txt");
    assertThatThrownBy(() -> commit("fix").write())
        .isInstanceOf(WorkFailure.class)
        .hasMessageContaining("not committed");
    Map<String, Object> dirty = Map.of("branch", "fix", "message", "m", "allowDirty", true);
    assertThat(trial.with("commit", dirty).write().has("commit")).isTrue();
    trial.file("a.txt", "old, changed\n");
    assertThatThrownBy(
            () ->
                trial
                    .with("commit", Map.of("branch", "b", "message", "m", "allowDirty", true))
                    .write())
        .hasMessageContaining("a.txt is not as HEAD has it");
  }

  @Test
  void filesThatGitStoresOtherwiseAreRefused() throws Exception {
    trial.file(".gitattributes", "*.txt eol=crlf\n");
    Trial.git(folder, "add", "-A");
    Trial.git(folder, "commit", "-qm", "crlf");
    Trial.git(folder, "rm", "-q", "--cached", "-r", ".");
    Trial.git(folder, "reset", "-q", "--hard");
    assertThat(trial.text("a.txt")).isEqualTo("old\r\n");
    assertThatThrownBy(() -> commit("fix").write()).hasMessageContaining("other line ends");
  }

  @Test
  void aBranchThatIsElsewhereIsNotTouched() throws Exception {
    Trial.git(folder, "checkout", "-q", "-b", "other");
    Trial.git(folder, "commit", "-q", "--allow-empty", "-m", "theirs");
    Trial.git(folder, "checkout", "-q", "main");
    String before = Trial.git(folder, "rev-parse", "other");
    assertThatThrownBy(() -> commit("other").write()).hasMessageContaining("is not where HEAD is");
    assertThat(Trial.git(folder, "rev-parse", "other")).isEqualTo(before);
    assertThatThrownBy(() -> commit("bad..name").write()).isInstanceOf(WorkFailure.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"refs/heads/main.lock", "index.lock"})
  void whenSomethingOfGitsIsLockedNothingHasChanged(String lock) throws Exception {
    String before = Trial.git(folder, "rev-parse", "main");
    Path file = Files.createFile(folder.resolve(".git").resolve(lock));

    assertThatThrownBy(() -> commit("main").write())
        .isInstanceOf(WorkFailure.class)
        .hasMessageContaining(lock);

    Files.delete(file);
    assertThat(Trial.git(folder, "rev-parse", "main")).isEqualTo(before);
    assertThat(Trial.git(folder, "status", "--porcelain")).isEmpty();
    assertThat(trial.text("a.txt")).isEqualTo("old\n");
    assertThat(commit("main").write().path("written").asBoolean()).isTrue();
  }

  @Test
  void whenFilesCannotBeWrittenTheBranchStaysWhereItWas() throws Exception {
    String before = Trial.git(folder, "rev-parse", "main");
    String tooLong = "x".repeat(300); // for a file's name, but git takes it
    trial.patch("--- /dev/null\n+++ b/" + tooLong + "\n@@ -0,0 +1 @@\n+a\n");

    assertThatThrownBy(() -> commit("main").write())
        .isInstanceOf(WorkFailure.class)
        .hasMessageContaining("can't be written");

    assertThat(Trial.git(folder, "rev-parse", "main")).isEqualTo(before);
    assertThat(Trial.git(folder, "status", "--porcelain")).isEmpty();
    assertThat(trial.text("a.txt")).isEqualTo("old\n");
  }

  @Test
  void whatAPartialCloneLacksIsNotFetched() throws Exception {
    Path witness = folder.resolve("started");
    Trial.git(folder, "config", "remote.origin.url", "ext::sh -c touch% " + witness);
    Trial.git(folder, "config", "remote.origin.promisor", "true");
    Trial.git(folder, "config", "protocol.ext.allow", "always");
    String lost = Trial.git(folder, "rev-parse", "HEAD:dir").strip();
    Path objects = folder.resolve(".git/objects");
    Files.delete(objects.resolve(lost.substring(0, 2)).resolve(lost.substring(2)));

    assertThatThrownBy(() -> commit("fix").write()).isInstanceOf(WorkFailure.class);

    assertThat(witness).doesNotExist();
  }

  @Test
  void withoutARepositoryThereIsNoCommit() throws Exception {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    Trial bare =
        new Trial(plain)
            .file("a.txt", "old")
            .fix("{'replace': 'old', 'with': 'new', 'files': ['**']}");
    assertThatThrownBy(() -> bare.with("commit", Map.of("branch", "b", "message", "m")).write())
        .isInstanceOf(WorkFailure.class)
        .hasMessageContaining("not the top of a git repository");
    assertThat(bare.text("a.txt")).isEqualTo("old");
  }
}
