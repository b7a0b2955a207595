package dev.drover.agents.codereviewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.agents.codereviewer.FileDiff.Change;
import dev.drover.agents.kit.BadInput;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffParserTest {

  private static FileDiff one(String diff) throws BadInput {
    List<FileDiff> files = DiffParser.parse(diff);
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  @Test
  void addedLinesHaveTheirNumbersInTheNewFile() throws BadInput {
    FileDiff file =
        one(
            """
            diff --git a/x/A.java b/x/A.java
            index 1111111..2222222 100644
            --- a/x/A.java
            +++ b/x/A.java
            @@ -3,4 +3,5 @@ class A {
             one
            -two
            +zwei
            +drei
             four

            @@ -20 +21,2 @@
             last
            +more
            \\ No newline at end of file
            """);
    assertThat(file.path()).isEqualTo("x/A.java");
    assertThat(file.added().map(line -> line.line() + line.text()))
        .containsExactly("4zwei", "5drei", "22more");
    assertThat(file.removed().map(line -> line.line() + line.text())).containsExactly("4two");
  }

  @Test
  void whatLooksLikeAHeaderWithinAHunkIsALine() throws BadInput {
    FileDiff file =
        one(
            "--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,2 @@\n--- old comment\n+++ new\n+@@ -1 +1 @@\n-x\n");
    assertThat(file.added().map(DiffLine::text)).containsExactly("++ new", "@@ -1 +1 @@");
    assertThat(file.removed().map(DiffLine::text)).containsExactly("-- old comment", "x");
  }

  @Test
  void renamesDeletionsBinariesAndModesAreUnderstood() throws BadInput {
    List<FileDiff> files =
        DiffParser.parse(
            """
            diff --git a/old name.txt b/new name.txt
            similarity index 100%
            rename from old name.txt
            rename to new name.txt
            diff --git a/gone.txt b/gone.txt
            deleted file mode 100644
            --- a/gone.txt
            +++ /dev/null
            @@ -1 +0,0 @@
            -x
            diff --git a/a.bin b/a.bin
            new file mode 100644
            index 0000000..1111111
            GIT binary patch
            literal 70000
            zcmV

            diff --git a/b.png b/b.png
            index 1..2 100644
            Binary files a/b.png and b/b.png differ
            diff --git a/run.sh b/run.sh
            old mode 100644
            new mode 100755
            """);
    assertThat(files)
        .extracting(FileDiff::path)
        .containsExactly("new name.txt", "gone.txt", "a.bin", "b.png", "run.sh");
    assertThat(files)
        .extracting(FileDiff::change)
        .containsExactly(
            Change.RENAMED, Change.DELETED, Change.ADDED, Change.MODIFIED, Change.MODIFIED);
    assertThat(files.get(0).oldPath()).isEqualTo("old name.txt");
    assertThat(files.get(2).binarySize()).isEqualTo(70000);
    assertThat(files.get(3).binary()).isTrue();
  }

  @Test
  void quotedPathsAreBytesOfUtf8() throws BadInput {
    String path = "\\303\\274b\\ter\\\"x.py";
    FileDiff file =
        one(
            "diff --git \"a/%1$s\" \"b/%1$s\"\n--- \"a/%1$s\"\n+++ \"b/%1$s\"\n@@ -0,0 +1 @@\n+x\n"
                .formatted(path));
    assertThat(file.path()).isEqualTo("üb\ter\"x.py");
  }

  @Test
  void plainDiffsOfFoldersAndCopiesAreUnderstood() throws BadInput {
    String time = "\t2026-01-01 00:00:00.000000000 +0000";
    assertThat(
            one("--- old/src/A.java"
                    + time
                    + "\n+++ new/src/A.java"
                    + time
                    + "\n@@ -1 +1 @@\n-a\n+b\n")
                .path())
        .isEqualTo("src/A.java");
    assertThat(one("--- A.java.orig\n+++ A.java\n@@ -1 +1 @@\n-a\n+b\n").path())
        .isEqualTo("A.java");
    assertThat(one("Only in x: y\nBinary files old/a.bin and new/a.bin differ\n").binary())
        .isTrue();
    FileDiff added = one("--- /dev/null\n+++ b/n.txt\n@@ -0,0 +1 @@\n+x\n");
    assertThat(added.change()).isEqualTo(Change.ADDED);
    assertThat(added.path()).isEqualTo("n.txt");
  }

  @Test
  void windowsLineEndsAreNotPartOfTheLine() throws BadInput {
    FileDiff file = one("--- a/x\r\n+++ b/x\r\n@@ -1 +1,2 @@\r\n a\r\n+b\r\n");
    assertThat(file.added().map(DiffLine::text)).containsExactly("b");
  }

  @Test
  void wordsBeforeTheDiffArePassedOver() throws BadInput {
    assertThat(
            one("From: a\nSubject: [PATCH] x\n\n---\n x | 1 +\n\n" + Diffs.adding("x", "y")).path())
        .isEqualTo("x");
    assertThat(DiffParser.parse("")).isEmpty();
  }

  @Test
  void whatIsBrokenIsRefusedWithItsLine() {
    refused("--- a/x\n+++ b/x\n@@ -1,5 +1,5 @@\n a\n", "line 3", "ends before");
    refused("--- a/x\n+++ b/x\n@@ what @@\n", "line 3", "header can't be read");
    refused("@@ -1 +1 @@\n-a\n+b\n", "line 1", "without the names");
    refused("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n*b\n", "line 5", "must begin with");
    refused("--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n+b\n+c\n", "line 6", "more lines");
    refused("diff --cc x\n", "line 1", "combined");
    refused("hello\n", "no file was found");
    refused("x".repeat(DiffParser.MOST + 1), "larger than 16 MiB");
  }

  private static void refused(String diff, String... words) {
    assertThatThrownBy(() -> DiffParser.parse(diff))
        .isInstanceOf(BadInput.class)
        .message()
        .contains(words);
  }
}
