package dev.drover.agents.compliancechecker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.ShippedManifest;
import dev.drover.agents.kit.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestIT {
  @TempDir Path empty;
  private ShippedManifest manifest;

  @BeforeEach
  void read() throws IOException {
    manifest = ShippedManifest.of("compliance-checker");
  }

  @Test
  void theSelfTestPassesInAProcessOfItsOwn() throws Exception {
    String input = manifest.manifest().at("/selfTest/input").toString();

    Trial trial = Trial.asProcess(ComplianceChecker.class, "compliance-checker", input, Map.of());

    assertThat(trial.exit()).as(trial.log()).isZero();
    assertThat(trial.output()).hasLineCount(1);
    assertThat(manifest.missing(trial.receipt())).isEmpty();
    assertThat(manifest.problems("output", trial.receipt())).isEmpty();
    assertThat(manifest.manifest().path("command").path(6).asText())
        .isEqualTo(ComplianceChecker.class.getName());
    assertThat(trial.log().lines()).hasSize(3).last().asString().startsWith("not compliant: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "'policy':{}",
        "'policy':{'allow':['MIT','GPL-2.0-only WITH Classpath-exception-2.0','LicenseRef-x'],'deny':['GPL-*','LicenseRef-*'],'unknown':'deny'}",
        "'policy':{'exceptions':[{'package':'a','reason':'b'},{'package':'a:*@1','licences':['MIT'],'reason':'b'}]}",
        "'files':false,'development':false,'exclude':['docs/**','**/*.jar'],'maxFindings':0,'maxPackages':10000"
      })
  void schemaAndProgramTakeTheSame(String members) throws Exception {
    assertThat(manifest.problems("input", json(members))).isEmpty();
    assertThat(Checked.trial(empty, members).exit()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'polizy':{}",
        "'policy':{'allowed':['MIT']}",
        "'policy':{'allow':'MIT'}",
        "'policy':{'unknown':'fail'}",
        "'policy':{'exceptions':[{'package':'a'}]}",
        "'policy':{'exceptions':[{'package':'a','reason':'b','until':'c'}]}",
        "'files':'no'",
        "'maxFindings':-1",
        "'maxPackages':10001"
      })
  void schemaAndProgramRefuseTheSame(String members) throws Exception {
    assertThat(manifest.problems("input", json(members))).isNotEmpty();
    assertThat(Checked.trial(empty, members).exit()).isEqualTo(65);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'policy':{'allow':['MIT','Apache 2']}|policy.allow[1]: \"Apache 2\" is no SPDX id; write Apache-2.0",
        "'policy':{'deny':['Nonsense']}|is no SPDX id; see https://spdx.org/licenses",
        "'policy':{'allow':['MIT OR ISC']}|must be one licence, not an expression",
        "'policy':{'deny':['Nonsense-*']}|no SPDX id begins like",
        "'mavenRepository':'/nowhere'|mavenRepository does not exist",
        "'exclude':['a','[']|exclude[1] is no glob"
      })
  void whatCannotBeMeantIsRefusedWithItsRemedy(String members, String message) {
    Trial trial = Checked.trial(empty, members);
    assertThat(trial.exit()).isEqualTo(65);
    assertThat(trial.lastLogLine()).contains(message);
  }

  @Test
  void listsAreCutAndCountsStayComplete() throws Exception {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 6_000; i++) {
      names
          .append("a-package-with-a-rather-long-name-to-fill-the-report-")
          .append(i)
          .append("==1\n");
    }
    Files.writeString(empty.resolve("requirements.txt"), names);
    Trial trial = Checked.trial(empty, "'maxFindings':10000,'maxPackages':10000");
    JsonNode report = trial.receipt();
    assertThat(trial.output().length()).isLessThan(1 << 20);
    assertThat(report.at("/counts/unknown").asInt()).isEqualTo(6_000);
    assertThat(report.path("truncated").asBoolean()).isTrue();
    assertThat(report.path("findings").size()).isBetween(1_000, 5_999);
  }

  @Test
  void examplesOfTheReadmeAreValid() throws Exception {
    int checked = 0;
    for (String block : manifest.blocks("yaml")) {
      for (JsonNode node : ShippedManifest.yaml(block).path("nodes")) {
        assertThat(manifest.problems("input", node.path("with"))).as(block).isEmpty();
        ObjectNode with = (ObjectNode) node.path("with");
        with.put("target", empty.toString()).remove("mavenRepository");
        Trial trial =
            Trial.inProcess(new ComplianceChecker(Tables.FILE), with.toString(), Map.of());
        assertThat(trial.exit()).as(trial.log()).isZero();
        checked++;
      }
    }
    for (String block : manifest.blocks("json")) {
      assertThat(manifest.problems("output", ShippedManifest.json(block))).as(block).isEmpty();
      checked++;
    }
    assertThat(checked).isEqualTo(2);
  }

  private static String json(String members) {
    return "{'target':'x'" + (members.isEmpty() ? "" : "," + members) + "}";
  }
}
