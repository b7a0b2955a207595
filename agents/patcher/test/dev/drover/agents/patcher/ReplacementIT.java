package dev.drover.agents.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplacementIT {
  @TempDir Path folder;

  @Test
  void aLiteralIsALiteralOnBothSides() throws Exception {
    Trial trial = new Trial(folder).file("a.txt", "x.*y $1 x.*y\r\n").file("b.md", "x.*y");
    JsonNode report =
        trial.fix("{'replace': 'x.*y', 'with': '$0', 'files': ['*.txt'], 'expect': 2}").write();
    assertThat(trial.text("a.txt")).isEqualTo("$0 $1 $0\r\n");
    assertThat(trial.text("b.md")).isEqualTo("x.*y");
    assertThat(report.at("/fixes/0/replaced").asInt()).isEqualTo(2);
  }

  @Test
  void groupsAnchorsAndNamesWork() throws Exception {
    Trial trial = new Trial(folder).file("a", "k=1\nkk=2\n grün=3");
    trial
        .fix(
            "{'regex': '^(?P<key>\\\\p{L}+)=(\\\\d)$', 'with': '${key}: ${2}0 \\\\${2}', 'files': ['a']}")
        .write();
    assertThat(trial.text("a")).isEqualTo("k: 10 ${2}\nkk: 20 ${2}\n grün=3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'replace': 'a', 'with': 'b', 'files': ['f'], 'expect': 2 | it occurs 3 times, expected are 2",
        "'replace': 'z', 'with': 'b', 'files': ['f']              | it occurs nowhere",
        "'regex': '(?=a)', 'with': 'b', 'files': ['f']            | not one of RE2's",
        "'regex': '(a)', 'with': '$2', 'files': ['f']             | names a group",
        "'regex': 'a', 'with': '€', 'files': ['latin']            | can't hold the replacement",
      })
  void whatCannotBeDoneIsRefused(String fix, String reason) throws Exception {
    Trial trial =
        new Trial(folder)
            .file("f", "a a a")
            .file("latin", "a é".getBytes(StandardCharsets.ISO_8859_1));
    JsonNode report = trial.fix("{" + fix + "}").write();
    assertThat(report.at("/fixes/0/message").asText()).contains(reason);
    assertThat(trial.text("f")).isEqualTo("a a a");
  }

  @Test
  void aFileInAnotherEncodingKeepsIt() throws Exception {
    Trial trial = new Trial(folder).file("latin", "größe=1".getBytes(StandardCharsets.ISO_8859_1));
    trial.fix("{'replace': 'größe=1', 'with': 'größe=2', 'files': ['latin']}").write();
    assertThat(Files.readAllBytes(folder.resolve("latin")))
        .isEqualTo("größe=2".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void noPatternRunsAway() throws Exception {
    Trial trial = new Trial(folder).file("a", "a".repeat(50_000) + "!");
    trial.fix("{'regex': '(a+)+b', 'with': '', 'files': ['a']}");
    JsonNode report = assertTimeoutPreemptively(Duration.ofSeconds(10), trial::run);
    assertThat(report.at("/fixes/0/message").asText()).contains("occurs nowhere");
  }

  @Test
  void aTextThatWouldGrowWithoutBoundIsRefused() throws Exception {
    Trial trial = new Trial(folder).file("a", "a".repeat(90_000));
    JsonNode report =
        trial.fix("{'replace': 'a', 'with': '" + "b".repeat(1000) + "', 'files': ['a']}").run();
    assertThat(report.at("/fixes/0/message").asText()).contains("would become larger");
  }

  @Test
  void otherPeoplesFoldersAndBinariesAreLeftAlone() throws Exception {
    Trial trial =
        new Trial(folder)
            .file("node_modules/x/a", "old")
            .file(".git/config", "old")
            .file("a", new byte[] {'o', 'l', 'd', 0})
            .file("b", "old");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("b"));
    trial.fix("{'replace': 'old', 'with': 'new', 'files': ['**'], 'expect': 1}").write();
    assertThat(trial.text("b")).isEqualTo("new");
    assertThat(trial.text("node_modules/x/a") + trial.text(".git/config")).isEqualTo("oldold");
  }
}
