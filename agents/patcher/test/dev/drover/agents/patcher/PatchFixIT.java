package dev.drover.agents.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatchFixIT {
  private static final String PATCH =
      """
      From a mail: this is passed over.
      --- a/f\t2026-01-01
      +++ b/f
      @@ -1,5 +1,5 @@ section
       one
       two
      -three
      +THREE
       four
       five
      """;

  @TempDir Path folder;

  @Test
  void eachHunkTellsWhereItWent() throws Exception {
    JsonNode report = file("zero\nzero\nONE\ntwo\nthree\nfour\nfive\n").patch(PATCH).write();
    assertThat(report.at("/fixes/0/hunks/0").toString())
        .isEqualTo(
            "{\"file\":\"f\",\"hunk\":1,\"status\":\"applied\",\"line\":3,\"offset\":2,\"fuzz\":1,"
                + "\"lineEndsAdapted\":false}");
    assertThat(text()).isEqualTo("zero\nzero\nONE\ntwo\nTHREE\nfour\nfive\n");
  }

  @Test
  void noMoreFuzzThanAllowedIsUsed() throws Exception {
    JsonNode report = file("ONE\ntwo\nthree\nfour\nfive\n").patch(PATCH, 0).write();
    assertThat(report.path("ok").asBoolean()).isFalse();
    assertThat(report.at("/fixes/0/rejects").asText())
        .contains("--- a/f\n+++ b/f\n@@ -1,5")
        .contains("-three\n+THREE\n");
  }

  @Test
  void oneRejectedHunkStopsEverything() throws Exception {
    Trial trial = file("one\ntwo\nthree\nfour\nfive\n").file("g", "x\n");
    trial.patch(PATCH + "--- a/g\n+++ b/g\n@@ -1 +1 @@\n-y\n+z\n");
    JsonNode report = trial.write();
    assertThat(report.path("written").asBoolean()).isFalse();
    assertThat(report.path("diff").asText() + report.path("files")).isEqualTo("[]");
    assertThat(text()).contains("three");

    JsonNode partial = trial.with("partial", true).write();
    assertThat(partial.path("ok").asBoolean()).isFalse();
    assertThat(partial.path("written").asBoolean()).isTrue();
    assertThat(text()).contains("THREE");
  }

  @Test
  void theSecondTimeIsNotATime() throws Exception {
    Trial trial = file("one\ntwo\nthree\nfour\nfive\n").patch(PATCH);
    trial.write();
    JsonNode second = trial.write();
    assertThat(second.path("ok").asBoolean()).isTrue();
    assertThat(second.at("/fixes/0/status").asText()).isEqualTo("already");
    assertThat(second.at("/fixes/0/hunks/0/status").asText()).isEqualTo("already");
    assertThat(text()).isEqualTo("one\ntwo\nTHREE\nfour\nfive\n");
  }

  @Test
  void lineEndsAreTheFilesOwn() throws Exception {
    JsonNode report = file("one\r\ntwo\r\nthree\r\nfour\r\nfive\r\n").patch(PATCH).write();
    assertThat(text()).isEqualTo("one\r\ntwo\r\nTHREE\r\nfour\r\nfive\r\n");
    assertThat(report.at("/fixes/0/hunks/0/lineEndsAdapted").asBoolean()).isTrue();
  }

  @Test
  void aPatchThatWasSentWithOtherLineEndsIsRead() throws Exception {
    file("one\ntwo\nthree\nfour\nfive\n").patch(PATCH.replace("\n", "\r\n")).write();
    assertThat(text()).isEqualTo("one\ntwo\nTHREE\nfour\nfive\n");
  }

  @Test
  void filesAreMadeRenamedCopiedDeletedAndMadeExecutable() throws Exception {
    Trial trial = file("x\n").file("old", "1\n2\n").file("gone", "bye\n").file("tool", "t\n");
    JsonNode report =
        trial
            .patch(
                """
                diff --git a/dir/new b/dir/new
                new file mode 100755
                --- /dev/null
                +++ b/dir/new
                @@ -0,0 +1 @@
                +hello
                \\ No newline at end of file
                diff --git a/empty b/empty
                new file mode 100644
                diff --git a/old b/moved
                similarity index 50%
                rename from old
                rename to moved
                --- a/old
                +++ b/moved
                @@ -1,2 +1,2 @@
                 1
                -2
                +3
                diff --git a/f b/f2
                similarity index 100%
                copy from f
                copy to f2
                diff --git a/gone b/gone
                deleted file mode 100644
                --- a/gone
                +++ /dev/null
                @@ -1 +0,0 @@
                -bye
                diff --git a/tool b/tool
                old mode 100644
                new mode 100755
                """)
            .write();
    assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
    assertThat(trial.text("dir/new") + trial.text("empty") + trial.text("moved") + trial.text("f2"))
        .isEqualTo("hello1\n3\nx\n");
    assertThat(folder.resolve("old")).doesNotExist();
    assertThat(folder.resolve("gone")).doesNotExist();
    assertThat(Files.isExecutable(folder.resolve("tool"))).isTrue();
    assertThat(Files.isExecutable(folder.resolve("dir/new"))).isTrue();
    assertThat(Files.isExecutable(folder.resolve("moved"))).isFalse();
    assertThat(trial.write().at("/fixes/0/status").asText()).isEqualTo("already");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../../x",
        "/etc/x",
        ".git/hooks/pre-commit",
        "sub/.GIT/config",
        ".git./x",
        "git~1/x",
        "a\\b",
        "C:/x",
        "./x",
        "a//x",
        "link/x",
        "linkfile",
        ".g\u200cit/config",
        ".git::$INDEX_ALLOCATION/x"
      })
  void pathsThatLeadOutAreRefused(String path) throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("file"), "x\n");
    Path inside = Files.createDirectory(folder.resolve("inside"));
    Files.createSymbolicLink(inside.resolve("link"), outside);
    Files.createSymbolicLink(inside.resolve("linkfile"), outside.resolve("file"));
    String patch = "--- /dev/null\n+++ b/" + path + "\n@@ -0,0 +1 @@\n+evil\n";
    String rename =
        "diff --git a/f b/g\nrename from f\nrename to "
            + path
            + "\n--- a/f\n+++ b/g\n@@ -1 +1 @@\n-x\n+y\n";
    for (String each : new String[] {patch, rename}) {
      JsonNode report = new Trial(inside).file("f", "x\n").patch(each).write();
      assertThat(report.path("ok").asBoolean()).as(each).isFalse();
      assertThat(report.path("written").asBoolean()).isFalse();
    }
    assertThat(Files.readString(outside.resolve("file"))).isEqualTo("x\n");
    assertThat(outside).isDirectoryContaining("glob:**/file").isDirectoryNotContaining("glob:**/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n one\n",
        "--- a/f\n+++ b/f\n@@ -1 +1 @@\n*one\n",
        "--- a/f\n+++ b/f\n@@ -99999999999 +1 @@\n one\n",
        "diff --git a/f b/f\nGIT binary patch\nliteral 1\n",
        "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n",
        "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n",
        "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+other\n",
        "--- /dev/null\n+++ b/f/g\n@@ -0,0 +1 @@\n+other\n",
        "--- a/none\n+++ b/none\n@@ -1 +1 @@\n-a\n+b\n"
      })
  void whatIsNoUsablePatchIsAFailureAndNoMore(String patch) throws Exception {
    JsonNode report = file("one\ntwo\n").patch(patch).write();
    assertThat(report.at("/fixes/0/status").asText()).isEqualTo("failed");
    assertThat(report.at("/fixes/0/message").asText()).isNotBlank();
    assertThat(text()).isEqualTo("one\ntwo\n");
  }

  @Test
  void aSearchThatWouldNotEndIsGivenUp() throws Exception {
    Trial trial = file("a\n".repeat(200_000));
    String hunk =
        "@@ -1,20000 +1,20001 @@\n" + " a\n".repeat(9_999) + " b\n+c\n" + " a\n".repeat(10_000);
    JsonNode report = trial.patch("--- a/f\n+++ b/f\n" + hunk, 0).run();
    assertThat(report.at("/fixes/0/message").asText()).contains("reasonable time");
  }

  private Trial file(String text) throws Exception {
    return new Trial(folder).file("f", text);
  }

  private String text() throws Exception {
    return Files.readString(folder.resolve("f"));
  }
}
