package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void theWorstComeFirstThenFileAndLine() throws IOException {
    List<Finding> findings =
        new ArrayList<>(
            List.of(
                finding("b", 1, Severity.CRITICAL),
                finding("a", 2, Severity.HIGH),
                finding("a", 10, Severity.HIGH),
                finding("b", 1, Severity.HIGH),
                finding("a", 1, Severity.LOW)));
    List<String> expected = places(written(findings, 10));
    Collections.shuffle(findings, new Random(3));
    assertThat(places(written(findings, 10)))
        .isEqualTo(expected)
        .containsExactly("b:1", "a:2", "a:10", "b:1", "a:1");
  }

  @Test
  void beyondTheLimitTheCountsAreStillRight() throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      findings.add(finding("f", i, i == 77 ? Severity.CRITICAL : Severity.LOW));
    }
    JsonNode report = new ObjectMapper().readTree(written(findings, 3));
    assertThat(report.get("findings")).hasSize(3);
    assertThat(report.at("/findings/0/line").asInt()).isEqualTo(77);
    assertThat(report.at("/counts/low").asInt()).isEqualTo(99);
    assertThat(report.at("/counts/critical").asInt()).isEqualTo(1);
    assertThat(report.get("truncated").asBoolean()).isTrue();
    assertThat(report.get("clean").asBoolean()).isFalse();
  }

  @Test
  void longNamesDoNotMakeTheReportTooLarge() throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (int i = 1; i <= 1000; i++) {
      findings.add(finding("\u0001\u20ac".repeat(1000), i, Severity.LOW));
    }
    Report report = new Report(Severity.LOW, 5000);
    report.scanned("f", 1, new FileScanner.Result(findings, 0, ""));
    for (int i = 0; i < 200; i++) {
      report.skipped("\u0001\u20ac".repeat(2000) + i, SourceTree.Skip.TOO_LARGE);
    }
    byte[] bytes = bytes(report);
    assertThat(bytes.length).isLessThan(1 << 20);
    JsonNode json = new ObjectMapper().readTree(bytes);
    assertThat(json.get("truncated").asBoolean()).isTrue();
    assertThat(json.at("/counts/low").asInt()).isEqualTo(1000);
  }

  @Test
  void findingsBelowTheLeastSeverityDoNotCount() throws IOException {
    Report report = new Report(Severity.HIGH, 10);
    report.scanned("f", 1, new FileScanner.Result(List.of(finding("f", 1, Severity.LOW)), 0, ""));
    JsonNode json = new ObjectMapper().readTree(bytes(report));
    assertThat(json.get("clean").asBoolean()).isTrue();
    assertThat(json.get("truncated").asBoolean()).isFalse();
    assertThat(json.at("/counts/low").asInt()).isZero();
  }

  @Test
  void binariesAndLinksAreCountedButNotListed() throws IOException {
    Report report = new Report(Severity.LOW, 10);
    report.skipped("a", SourceTree.Skip.BINARY);
    report.skipped("b", SourceTree.Skip.LINK);
    report.skipped("c", SourceTree.Skip.UNREADABLE);
    JsonNode json = new ObjectMapper().readTree(bytes(report));
    assertThat(json.get("filesSkipped").asInt()).isEqualTo(3);
    assertThat(json.at("/unchecked/0/file").asText()).isEqualTo("c");
    assertThat(json.get("unchecked")).hasSize(1);
  }

  private static byte[] written(List<Finding> findings, int most) throws IOException {
    Report report = new Report(Severity.LOW, most);
    report.scanned("f", 1, new FileScanner.Result(findings, 0, ""));
    return bytes(report);
  }

  private static byte[] bytes(Report report) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    report.write(out, false);
    return out.toByteArray();
  }

  private static List<String> places(byte[] report) throws IOException {
    List<String> places = new ArrayList<>();
    for (JsonNode finding : new ObjectMapper().readTree(report).get("findings")) {
      places.add(finding.get("file").asText() + ":" + finding.get("line").asInt());
    }
    return places;
  }

  private static Finding finding(String file, int line, Severity severity) {
    return new Finding(file, line, 1, new RuleInfo("r", severity, "d", "m"), "***");
  }
}
