package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Planted dependencies in every kind of file, by a folder, a zip, and an API. */
class VulnerableDependenciesIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final Map<String, String> records = new TreeMap<>();
  private final List<String> planted = new ArrayList<>();
  private Path tree;
  private HttpServer server;

  @BeforeEach
  void plant() throws IOException {
    tree = folder.resolve("tree");
    record("GHSA-0001", "Maven", "org.bad:lib", "2.0-beta9", "2.15.0", "CVE-2026-1");
    record("GHSA-0002", "npm", "@bad/lib", "0", "4.17.21", "CVE-2026-2");
    record("PYSEC-0003", "PyPI", "bad-lib", "0", "2.0.0", "CVE-2026-3");
    record(
        "GO-0004", "Go", "bad.example/lib", "0", "0.0.0-20220101000000-aaaaaaaaaaaa", "CVE-2026-4");
    plant(
        "pom.xml",
        4,
        "<project>\n<properties><v>2.14.1</v></properties><dependencies>\n<dependency><groupId>org.bad</groupId>"
            + "<artifactId>lib</artifactId>\n<version>${v}</version></dependency>\n<dependency><groupId>org.bad</groupId>"
            + "<artifactId>lib</artifactId><version>2.15.0</version></dependency></dependencies></project>");
    plant(
        "package-lock.json",
        3,
        "{\"packages\":{\"\":{},\n\"node_modules/good\":{\"version\":\"1.0.0\"},\n\"node_modules/@bad/lib\":{\"version\":\"4.17.20\"}}}");
    plant(
        "one/package-lock.json",
        2,
        "{\"dependencies\":{\n\"@bad/lib\":{\"version\":\"4.17.20\"}}}");
    plant("yarn.lock", 1, "\"@bad/lib@^4.0.0\":\n  version \"4.0.1\"\n");
    plant("pnpm-lock.yaml", 2, "packages:\n  '@bad/lib@4.0.1':\n");
    plant("requirements.txt", 2, "good==1.0\nBad_Lib==1.9\nbad.lib==2.0.0.post1\n");
    plant("poetry.lock", 3, "[[package]]\nname = \"bad-lib\"\nversion = \"2.0.0rc1\"\n");
    plant("uv.lock", 3, "[[package]]\nname = \"bad-lib\"\nversion = \"1\"\n");
    plant("Pipfile.lock", 2, "{\"default\":{\n\"bad-lib\":{\"version\":\"==1.0\"}}}");
    plant("go.mod", 2, "module m\nrequire bad.example/lib v0.0.0-20210101000000-bbbbbbbbbbbb\n");
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private void plant(String path, int line, String text) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    planted.add(path + ":" + line);
  }

  private void record(
      String id, String ecosystem, String name, String introduced, String fixed, String alias)
      throws IOException {
    ObjectNode record = JSON.createObjectNode().put("schema_version", "1.6.0").put("id", id);
    record
        .put("modified", "2026-01-01T00:00:00Z")
        .put("summary", name + " is bad")
        .put("details", "Very.\n".repeat(50));
    record.putArray("aliases").add(alias);
    ObjectNode affected = record.putArray("affected").addObject();
    affected.putObject("package").put("name", name).put("ecosystem", ecosystem);
    ObjectNode range = affected.putArray("ranges").addObject();
    range.put("type", ecosystem.equals("Go") ? "SEMVER" : "ECOSYSTEM");
    range
        .putArray("events")
        .add(JSON.createObjectNode().put("introduced", introduced))
        .add(JSON.createObjectNode().put("fixed", fixed));
    record
        .putArray("severity")
        .addObject()
        .put("type", "CVSS_V3")
        .put("score", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H");
    record.putArray("references").addObject().put("type", "WEB").put("url", "https://x.example/");
    records.put(id, record.toString());
  }

  private Path exported() throws IOException {
    Path export = Files.createDirectories(folder.resolve("osv/Maven"));
    for (Map.Entry<String, String> record : records.entrySet()) {
      Files.writeString(export.resolve(record.getKey() + ".json"), record.getValue());
    }
    return folder.resolve("osv");
  }

  private Path zipped() throws IOException {
    Path zip = folder.resolve("without-a-suffix");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (Map.Entry<String, String> record : records.entrySet()) {
        out.putNextEntry(new ZipEntry(record.getKey() + ".json"));
        out.write(record.getValue().getBytes(StandardCharsets.UTF_8));
      }
      out.putNextEntry(new ZipEntry("broken.json"));
      out.write('{');
    }
    return zip;
  }

  @Test
  void everyPlantedDependencyIsFoundAndNoOther() throws IOException {
    JsonNode report = scan(request().put("osv", exported().toString()), Map.of());
    assertThat(places(report)).containsExactlyInAnyOrderElementsOf(planted);
    assertThat(report.path("dependencies").asInt()).isEqualTo(14);
    JsonNode finding = report.at("/findings/0");
    assertThat(finding.path("severity").asText()).isEqualTo("high");
    assertThat(finding.path("rule").asText()).isEqualTo("vulnerable-dependency");
    assertThat(finding.path("match").asText()).isEqualTo("bad-lib 1.0");
    assertThat(finding.path("remedy").asText()).isEqualTo("Upgrade to 2.0.0 or later.");
    assertThat(finding.path("dependency").toString())
        .isEqualTo(
            "{\"ecosystem\":\"PyPI\",\"name\":\"bad-lib\",\"version\":\"1.0\",\"ids\":[\"PYSEC-0003\",\"CVE-2026-3\"],\"fixed\":[\"2.0.0\"]}");
  }

  @Test
  void aZipSaysTheSameAndWhatIsBrokenInItIsTold() throws IOException {
    JsonNode report = scan(request().put("osv", zipped().toString()), Map.of());
    assertThat(places(report)).containsExactlyInAnyOrderElementsOf(planted);
    assertThat(report.path("unchecked").toString()).contains("1 entries are no records");
  }

  @Test
  void theApiSaysTheSame() throws IOException {
    ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
    serve(bodies);
    JsonNode report = scan(request().put("osvApi", true), Map.of("OSV_API", address()));
    assertThat(places(report)).containsExactlyInAnyOrderElementsOf(planted);
    assertThat(String.join("", bodies))
        .contains("org.bad:lib")
        .contains("page_token")
        .doesNotContain("project");
  }

  @Test
  void theApiIsAskedOnlyWhereTheOperatorAllowsIt() throws IOException {
    assertThat(failure(request().put("osvApi", true), Map.of()))
        .contains("2: osvApi is not allowed here");
    assertThat(failure(request().put("osvApi", true), Map.of("OSV_API", "http://far.example")))
        .contains("2: osvApi is not allowed here");
    serve(new ConcurrentLinkedQueue<>());
    String address = address();
    server.stop(0);
    assertThat(failure(request().put("osvApi", true), Map.of("OSV_API", address)))
        .contains("75: OSV's API can't be reached");
  }

  @Test
  void withoutRecordsAScanWouldLie() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(failure(request().put("osv", empty.toString()), Map.of()))
        .contains("2: osv holds no records");
    assertThat(failure(request().put("osv", "missing"), Map.of()))
        .contains("2: osv does not exist");
  }

  @Test
  void whatIsAcceptedIsCountedAndNotReported() throws IOException {
    Files.writeString(
        tree.resolve("requirements.txt"),
        "# drover:allow pysec-0003\nbad-lib==1.0\nbad-lib==1.1 # drover:allow vulnerable-dependency\n");
    ObjectNode request = request().put("osv", exported().toString());
    request.putArray("ignoreVulnerabilities").add("CVE-2026-2").add("GO-0004");
    JsonNode report = scan(request, Map.of());
    assertThat(places(report))
        .containsExactlyInAnyOrder("pom.xml:4", "poetry.lock:3", "uv.lock:3", "Pipfile.lock:2");
    assertThat(report.path("suppressed").asInt()).isEqualTo(7);
  }

  @Test
  void sarifIsValidAndSaysWhatTheReportSays() throws IOException {
    Files.writeString(tree.resolve("ü b.txt"), "\n x ghp_" + Samples.alphanumeric(36) + "\n");
    Files.writeString(tree.resolve("compose.yaml"), "services: [\n");
    JsonNode report =
        scan(request().put("osv", exported().toString()).put("sarif", true), Map.of());
    JsonNode sarif = report.path("sarif");
    assertThat(
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SarifSchema.TEXT)
                .validate(sarif))
        .isEmpty();
    JsonNode rules = sarif.at("/runs/0/tool/driver/rules");
    JsonNode results = sarif.at("/runs/0/results");
    assertThat(results).hasSameSizeAs(report.path("findings"));
    assertThat(rules).hasSize(5);
    List<String> prints = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      JsonNode result = results.get(i);
      assertThat(rules.get(result.path("ruleIndex").asInt()).path("id"))
          .isEqualTo(result.path("ruleId"));
      assertThat(result.at("/locations/0/physicalLocation/region/startLine"))
          .isEqualTo(report.path("findings").get(i).path("line"));
      prints.add(result.at("/partialFingerprints/droverFinding~1v1").asText());
    }
    assertThat(prints).doesNotHaveDuplicates();
    assertThat(results.get(0).at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("%C3%BC%20b.txt");
    assertThat(sarif.at("/runs/0/invocations/0/toolExecutionNotifications")).hasSize(1);
    assertThat(scan(request(), Map.of()).has("sarif")).isFalse();
  }

  private void serve(ConcurrentLinkedQueue<String> bodies) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/querybatch",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          bodies.add(body);
          answer(exchange, results(JSON.readTree(body)));
        });
    server.createContext(
        "/v1/vulns/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          answer(exchange, records.getOrDefault(path.substring(path.lastIndexOf('/') + 1), ""));
        });
    server.start();
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The id comes on a second page. */
  private String results(JsonNode body) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode results = answer.putArray("results");
    for (JsonNode query : body.path("queries")) {
      ObjectNode result = results.addObject();
      for (Map.Entry<String, String> record : records.entrySet()) {
        JsonNode about = JSON.readTree(record.getValue()).at("/affected/0/package/name");
        String name = query.at("/package/name").asText();
        boolean same =
            about.asText().equals(name)
                || (about.asText().equals("bad-lib") && name.matches("(?i)bad[._]lib"));
        if (same && query.has("page_token")) {
          result
              .putArray("vulns")
              .addObject()
              .put("id", record.getKey())
              .put("modified", "2026-01-01T00:00:00Z");
        } else if (same) {
          result.put("next_page_token", "2");
        }
      }
    }
    return answer.toString();
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(
        bytes.length == 0 ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private ObjectNode request() {
    return JSON.createObjectNode().put("target", tree.toString());
  }

  private static List<String> places(JsonNode report) {
    List<String> places = new ArrayList<>();
    for (JsonNode finding : report.path("findings")) {
      places.add(finding.path("file").asText() + ":" + finding.path("line").asInt());
    }
    return places;
  }

  private static JsonNode scan(ObjectNode request, Map<String, String> environment)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(run(request, environment, out)).startsWith("0: ");
    return JSON.readTree(out.toByteArray());
  }

  private static String failure(ObjectNode request, Map<String, String> environment) {
    return run(request, environment, new ByteArrayOutputStream());
  }

  private static String run(ObjectNode request, Map<String, String> environment, OutputStream out) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    int exit =
        new SecurityScanner(
                new PrintStream(log, true, StandardCharsets.UTF_8),
                SecretRulesIT.RULES,
                environment)
            .run(
                new ByteArrayInputStream(request.toString().getBytes(StandardCharsets.UTF_8)), out);
    String[] lines = log.toString(StandardCharsets.UTF_8).strip().split("\n", -1);
    return exit + ": " + lines[lines.length - 1];
  }
}
