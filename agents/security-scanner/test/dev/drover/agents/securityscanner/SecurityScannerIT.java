package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The program as a whole, on real trees. */
class SecurityScannerIT {
  private static final Path AGENT = Path.of("agents", "security-scanner");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "ghp_" + Samples.alphanumeric(36);

  @TempDir Path tree;

  private record Answer(int exitCode, String out, String log) {
    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }

    List<String> places() throws IOException {
      List<String> places = new ArrayList<>();
      for (JsonNode finding : json().get("findings")) {
        places.add(finding.get("file").asText() + ":" + finding.get("line").asInt());
      }
      return places;
    }

    String lastLogLine() {
      String[] lines = log.split("\n", -1);
      return lines[lines.length - 2];
    }
  }

  @Test
  void theSampleGivesWhatTheManifestPromises() throws IOException {
    JsonNode manifest =
        JSON.valueToTree(
            new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(AGENT.resolve("agent.yaml"))));
    ObjectNode request = request(AGENT.resolve("sample"));
    request.put("osv", AGENT.resolve("sample-osv").toString());
    JsonNode report = run(request.toString()).json();
    manifest
        .at("/selfTest/expect")
        .properties()
        .forEach(e -> assertThat(report.get(e.getKey())).as(e.getKey()).isEqualTo(e.getValue()));
    for (JsonNode field : manifest.at("/output/required")) {
      assertThat(report.has(field.asText())).as(field.asText()).isTrue();
    }
    assertThat(report).hasSameSizeAs(manifest.at("/output/required"));
  }

  @Test
  void theDecoysOfTheSampleAreClean() throws IOException {
    assertThat(scan(AGENT.resolve("sample").resolve("clean")).json().get("clean").asBoolean())
        .isTrue();
  }

  @Test
  void itsOwnRulesAndSourcesAreClean() throws IOException {
    ObjectNode request = request(AGENT);
    request.putArray("exclude").add("sample/**");
    JsonNode report = run(request.toString()).json();
    assertThat(report.get("findings")).isEmpty();
    assertThat(report.get("filesScanned").asInt()).isGreaterThan(30);
    assertThat(report.get("suppressed").asInt()).isZero();
  }

  @Test
  void noSecretIsEverShown() throws IOException {
    List<SecretRulesIT.Planted> planted = SecretRulesIT.planted().toList();
    for (int i = 0; i < planted.size(); i++) {
      write(i + "/" + planted.get(i).file(), planted.get(i).text());
    }
    write("Dockerfile", "FROM a:1\nENV DB_PASSWORD=" + SECRET + " PW_TOKEN='" + SECRET + "'\n");
    write("compose.yaml", "services: {a: {environment: {DB_PASSWORD: " + SECRET + "}}}\n");
    write("x/compose.yaml", "services: [a: " + SECRET + ": " + SECRET + "\n");
    Answer answer = scan(tree);
    assertThat(answer.json().get("findings").size()).isGreaterThanOrEqualTo(planted.size());
    for (SecretRulesIT.Planted one : planted) {
      for (int i = Mask.PREFIX - 2; i + 8 <= one.secret().length(); i++) {
        String piece = one.secret().substring(i, i + 8);
        assertThat(answer.out()).doesNotContain(piece);
        assertThat(answer.log()).doesNotContain(piece);
      }
    }
    assertThat(answer.out()).doesNotContain(SECRET.substring(2, 12));
    assertThat(answer.log()).doesNotContain(SECRET.substring(2, 12));
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    write("outside/a", SECRET);
    write("inside/b", "nothing");
    Path inside = tree.resolve("inside");
    Files.createSymbolicLink(inside.resolve("folder"), tree.resolve("outside"));
    Files.createSymbolicLink(inside.resolve("file"), tree.resolve("outside/a"));
    Files.createSymbolicLink(inside.resolve("loop"), tree);
    JsonNode report = scan(inside).json();
    assertThat(report.get("clean").asBoolean()).isTrue();
    assertThat(report.get("filesSkipped").asInt()).isEqualTo(3);
  }

  @Test
  void foldersOfOthersAreLeftOutUnlessAskedFor() throws IOException {
    write("node_modules/a", SECRET);
    write("x/target/a", SECRET);
    write(".git/config", SECRET);
    write("src/a", SECRET);
    assertThat(scan(tree).places()).containsExactly("src/a:1");
    ObjectNode request = request(tree);
    request.putArray("skipDirectories");
    assertThat(run(request.toString()).places())
        .containsExactly("node_modules/a:1", "src/a:1", "x/target/a:1");
  }

  @Test
  void filesAreChosenByPatterns() throws IOException {
    write("a/x.py", SECRET);
    write("a/x.js", SECRET);
    write("b/x.py", SECRET);
    ObjectNode request = request(tree);
    request.putArray("include").add("*.py");
    request.putArray("exclude").add("b/**");
    assertThat(run(request.toString()).places()).containsExactly("a/x.py:1");
  }

  @Test
  void oneFileCanBeTheTarget() throws IOException {
    write("a/x.py", "\n" + SECRET);
    assertThat(scan(tree.resolve("a/x.py")).places()).containsExactly("x.py:2");
  }

  @Test
  void filesThatAreNotReadAreCountedAndListed() throws IOException {
    write("large", SECRET + "a".repeat(2000));
    Files.write(tree.resolve("binary"), new byte[] {1, 0, 2});
    ObjectNode request = request(tree).put("maxFileSize", 1000);
    JsonNode report = run(request.toString()).json();
    assertThat(report.get("filesScanned").asInt()).isZero();
    assertThat(report.get("filesSkipped").asInt()).isEqualTo(2);
    assertThat(report.at("/unchecked/0/file").asText()).isEqualTo("large");
    assertThat(report.at("/unchecked/0/reason").asText()).isEqualTo("larger than maxFileSize");
  }

  @Test
  void aHugeLineTakesSecondsAtMost() throws IOException {
    write("a.js", "var token=1,password=f(x),s=\"https://a.b/c?d\";".repeat(110_000) + SECRET);
    Answer answer = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> scan(tree));
    assertThat(answer.json().get("bytesScanned").asInt()).isGreaterThan(5_000_000);
    assertThat(answer.places()).containsExactly("a.js:1");
  }

  @Test
  void aTreeFullOfSecretsGivesACutReportWithFullCounts() throws IOException {
    write("a", (SECRET + "\n").repeat(20_000));
    ObjectNode request = request(tree).put("maxFindings", 5000);
    Answer answer = run(request.toString());
    assertThat(answer.out().length()).isLessThan(1 << 20);
    assertThat(answer.json().at("/counts/critical").asInt()).isEqualTo(20_000);
    assertThat(answer.json().get("truncated").asBoolean()).isTrue();
    assertThat(answer.places().get(1)).isEqualTo("a:2");
  }

  @Test
  void theSameTreeGivesTheSameReport() throws IOException {
    assertThat(scan(AGENT.resolve("sample")).out()).isEqualTo(scan(AGENT.resolve("sample")).out());
  }

  @Test
  void whatCannotBeScannedIsAFailureThatSaysWhy() {
    Answer missing = scan(tree.resolve("missing"));
    assertThat(missing.exitCode()).isEqualTo(ScanException.BAD_INPUT);
    assertThat(missing.out()).isEmpty();
    assertThat(missing.lastLogLine()).contains("does not exist").contains("name an existing");
    assertThat(run("{}").exitCode()).isEqualTo(ScanException.BAD_INPUT);
    assertThat(run("").lastLogLine()).startsWith("bad input: ");
    assertThat(run("{\"target\":\"a\\u0000b\"}").exitCode()).isEqualTo(ScanException.BAD_INPUT);
  }

  @Test
  void aMissingRuleFileIsAFailureThatSaysWhy() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    SecurityScanner scanner =
        new SecurityScanner(
            new PrintStream(log, true, StandardCharsets.UTF_8), tree.resolve("no"), Map.of());
    byte[] request = request(tree).toString().getBytes(StandardCharsets.UTF_8);
    assertThat(scanner.run(new ByteArrayInputStream(request), new ByteArrayOutputStream()))
        .isEqualTo(ScanException.BROKEN);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("start the agent in its own folder");
  }

  @Test
  void theProgramRunsInAProcessOfItsOwn() throws Exception {
    write("a.py", "x\n" + SECRET + "\n");
    Path out = tree.resolveSibling(tree.getFileName() + ".out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .map(entry -> Path.of(entry).toAbsolutePath().toString())
                    .collect(Collectors.joining(File.pathSeparator)),
                SecurityScanner.class.getName())
            .directory(AGENT.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().write(request(tree).toString().getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(JSON.readTree(out.toFile()).at("/findings/0/line").asInt()).isEqualTo(2);
    Files.delete(out);
  }

  private void write(String path, String text) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static ObjectNode request(Path target) {
    return JSON.createObjectNode().put("target", target.toAbsolutePath().toString());
  }

  private static Answer scan(Path target) {
    return run(request(target).toString());
  }

  private static Answer run(String request) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    SecurityScanner scanner =
        new SecurityScanner(
            new PrintStream(log, true, StandardCharsets.UTF_8), SecretRulesIT.RULES, Map.of());
    byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
    int exitCode = scanner.run(new ByteArrayInputStream(bytes), out);
    return new Answer(
        exitCode, out.toString(StandardCharsets.UTF_8), log.toString(StandardCharsets.UTF_8));
  }
}
