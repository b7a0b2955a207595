package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileScannerTest {
  private static final String RULES =
      """
      rules:
        - {id: sure, description: d, severity: high, remedy: r, keywords: [sure_],
           regex: '(sure_[a-z0-9]{6})'}
        - {id: guess, description: d, severity: low, remedy: r, keywords: [word], generic: true,
           regex: 'word=(\\S{6,40})'}
        - {id: block, description: d, severity: high, remedy: r, keywords: [BEGIN], lines: 2,
           regex: 'BEGIN\\s{1,3}([a-z]{8})'}
      """;

  private final FileScanner scanner = new FileScanner(RuleFile.parse(RULES));

  @Test
  void aFindingHasItsPlace() {
    Finding finding = only("a.txt", "one\r\n  x=sure_abc123;\r\n");
    assertThat(finding.line()).isEqualTo(2);
    assertThat(finding.column()).isEqualTo(5);
    assertThat(finding.rule().id()).isEqualTo("sure");
    assertThat(finding.match()).isEqualTo("***");
  }

  @Test
  void aGuessGivesWayToWhatIsSure() {
    assertThat(only("a.txt", "word=sure_abc123").rule().id()).isEqualTo("sure");
    assertThat(only("a.txt", "word=abcdef").rule().id()).isEqualTo("guess");
  }

  @Test
  void aGuessElsewhereOnTheLineStays() {
    assertThat(scan("a.txt", "sure_abc123 word=abcdef").findings()).hasSize(2);
  }

  @Test
  void aCommentOnTheLineAllowsTheRuleItNames() {
    FileScanner.Result result = scan("a.txt", "sure_abc123 # drover:allow sure");
    assertThat(result.findings()).isEmpty();
    assertThat(result.suppressed()).isEqualTo(1);
    assertThat(scan("a.txt", "sure_abc123 # drover:allow *").findings()).isEmpty();
    assertThat(scan("a.txt", "sure_abc123 # drover:allow guess, sure").findings()).isEmpty();
  }

  @Test
  void aCommentAllowsNothingElse() {
    assertThat(scan("a.txt", "sure_abc123 # drover:allow guess").findings()).hasSize(1);
    assertThat(scan("a.txt", "sure_abc123 # drover:allow").findings()).hasSize(1);
    assertThat(scan("a.txt", "x # drover:allow sure\nsure_abc123").findings()).hasSize(1);
  }

  @Test
  void aCommentLineAllowsTheLineBelow() {
    assertThat(scan("a.txt", "# drover:allow sure\nsure_abc123\n").findings()).isEmpty();
    assertThat(scan("Dockerfile", "# drover:allow dockerfile-root-user\nFROM a:1\n").findings())
        .isEmpty();
  }

  @Test
  void aRuleOfSeveralLinesIsReportedWhereItBegins() {
    assertThat(only("a.txt", "\n BEGIN\nabcdefgh").line()).isEqualTo(2);
    assertThat(scan("a.txt", "BEGIN\n\nabcdefgh").findings()).isEmpty();
  }

  @Test
  void secretsAnywhereInAHugeLineAreFoundOnce() {
    String filler = "word and ".repeat(3000);
    String text = "sure_abc123 " + filler + "sure_abc123 " + filler + "sure_abc123";
    List<Finding> findings = scan("a.txt", text).findings();
    assertThat(findings).extracting(Finding::line).containsExactly(1, 1, 1);
    assertThat(findings)
        .extracting(Finding::column)
        .containsExactly(1, 13 + filler.length(), 25 + 2 * filler.length());
  }

  @Test
  void utf16IsText() {
    byte[] content = "\uFEFFword=abcdef".getBytes(StandardCharsets.UTF_16LE);
    assertThat(FileScanner.isBinary(content)).isFalse();
    assertThat(scanner.scan("a.txt", content).findings()).hasSize(1);
  }

  @Test
  void invalidUtf8IsText() {
    byte[] content = "\u00ff\u00fe\u00e9 word=abcdef".getBytes(StandardCharsets.ISO_8859_1);
    content[0] = (byte) 0xc3;
    assertThat(FileScanner.isBinary(content)).isFalse();
    assertThat(scanner.scan("a.txt", content).findings()).hasSize(1);
  }

  @Test
  void aZeroByteMeansBinary() {
    assertThat(FileScanner.isBinary(new byte[] {'a', 0, 'b'})).isTrue();
    assertThat(FileScanner.isBinary(new byte[0])).isFalse();
  }

  @Test
  void aComposeFileThatIsNoYamlIsStillSearchedForSecrets() {
    FileScanner.Result result = scan("compose.yaml", "services: [\nsure_abc123");
    assertThat(result.findings()).hasSize(1);
    assertThat(result.problem()).contains("not valid YAML at line");
  }

  @Test
  void aHostileComposeFileIsNoTrouble() {
    assertThat(scan("compose.yaml", "services: " + "[".repeat(50_000)).problem())
        .isEqualTo("container checks left out: nested more than 100 deep");
    String bomb = "a: &a [x]\nb: &b [*a,*a]\nservices: {s: &s {<<: *s}}\n";
    assertThat(scan("compose.yaml", bomb).findings()).isEmpty();
    assertThat(scan("compose.yaml", "services: !!javax.script.X [1]\n").findings()).isEmpty();
    assertThat(scan("compose.yaml", " ".repeat(1 << 21)).problem()).contains("larger than 1 MiB");
  }

  private Finding only(String path, String text) {
    List<Finding> findings = scan(path, text).findings();
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  private FileScanner.Result scan(String path, String text) {
    return scanner.scan(path, text.getBytes(StandardCharsets.UTF_8));
  }
}
