package dev.drover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own tool judges the rules, and the queries of the runbook. */
@Timeout(90)
class RulesIT {
  private final AlertRules rules = AlertRules.shipped();

  @BeforeAll
  static void needsPromtool() {
    RequiredTool.assume("promtool");
  }

  @Test
  void theRulesAreValid() throws IOException, InterruptedException {
    promtool("check", rules.files("rules"));
  }

  @Test
  void everyAlertFiresWhenItShouldAndOnlyThen() throws IOException, InterruptedException {
    promtool("test", rules.files("tests"));
  }

  @Test
  void theQueriesOfTheRunbookAreValid(@TempDir Path folder)
      throws IOException, InterruptedException {
    List<String> queries = Runbook.read().promql();
    assertThat(queries).hasSizeGreaterThan(30);
    String file =
        queries.stream()
            .map(query -> "      - { record: query, expr: '" + query.replace("'", "''") + "' }")
            .collect(Collectors.joining("\n", "groups:\n  - name: runbook\n    rules:\n", "\n"));
    promtool("check", List.of(Files.writeString(folder.resolve("runbook.yml"), file)));
  }

  private static void promtool(String what, List<Path> files)
      throws IOException, InterruptedException {
    assertThat(files).isNotEmpty();
    List<String> command = new ArrayList<>(List.of("promtool", what, "rules"));
    files.forEach(file -> command.add(file.toString()));
    Path said = Files.createTempFile("promtool", ".txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor(80, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    } finally {
      process.destroyForcibly();
      Files.delete(said);
    }
  }
}
