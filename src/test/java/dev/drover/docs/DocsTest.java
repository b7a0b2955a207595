package dev.drover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agent.ManifestReader;
import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.name.AgentName;
import dev.drover.server.Settings;
import dev.drover.server.SpringCron;
import dev.drover.telemetry.Catalogue;
import dev.drover.workflow.AgentCatalog;
import dev.drover.workflow.EndpointRules;
import dev.drover.workflow.Reading;
import dev.drover.workflow.WorkflowReader;
import dev.drover.yaml.Problem;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows works, and what it points to exists. */
class DocsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]+)(#[^)\\s]*)?\\)");
  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern METRIC = Pattern.compile("\\bdrover_(?!url\\b)[a-z_]+\\b");
  private static final String PARTS = "(_bucket|_count|_sum|_max)?";

  /** For the manifests that the docs show. */
  @TempDir static Path shown;

  @TestFactory
  Stream<DynamicTest> everyWorkflowInTheDocsIsValid() throws IOException {
    WorkflowReader reader = reader();
    return blocks().stream()
        .filter(block -> block.text().contains("\nnodes:") && block.text().startsWith("name:"))
        .map(block -> valid(reader, block.where(), block.text()));
  }

  @TestFactory
  Stream<DynamicTest> everyWorkflowThatIsShippedIsValid() throws IOException {
    WorkflowReader reader = reader();
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files("workflows", ".yaml")) {
      tests.add(valid(reader, file.toString(), Files.readString(file)));
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> everyManifestInTheDocsIsValid(@TempDir Path folder) throws IOException {
    return blocks().stream()
        .filter(block -> block.text().contains("\ncommand:"))
        .map(
            block ->
                DynamicTest.dynamicTest(
                    block.where(),
                    () -> {
                      Files.writeString(folder.resolve(ManifestReader.FILE), block.text());
                      assertThat(ManifestReader.read(folder).problems()).isEmpty();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> everyManifestThatIsShippedIsValid() throws IOException {
    return agentFolders().stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(),
                    () -> assertThat(ManifestReader.read(folder).problems()).isEmpty()));
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path file : documents()) {
      String prose = CODE.matcher(Files.readString(file)).replaceAll("");
      LINK.matcher(prose)
          .results()
          .map(link -> link.group(1))
          .filter(target -> !target.contains("://"))
          .filter(target -> !Files.exists(file.resolveSibling(target)))
          .forEach(target -> broken.add(ROOT.relativize(file) + ": " + target));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyAnchorLeadsToAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path file : documents()) {
      for (MatchResult link : LINK.matcher(Files.readString(file)).results().toList()) {
        Path target = file.resolveSibling(link.group(1));
        if (link.group(2) != null
            && Files.exists(target)
            && !anchors(target).contains(link.group(2))) {
          broken.add(ROOT.relativize(file) + ": " + link.group(1) + link.group(2));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void readmeIsShort() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(150);
  }

  @Test
  void everySettingIsDocumented() throws IOException {
    String text = Files.readString(ROOT.resolve("docs/configuration.md"));
    assertThat(settings("drover", Settings.class))
        .allSatisfy(setting -> assertThat(text).contains("`" + setting + "`"))
        .allSatisfy(setting -> assertThat(text).contains("`" + environment(setting) + "`"));
  }

  @Test
  void everyMetricInTheDocsExists() throws IOException {
    List<String> known = Catalogue.all().stream().map(Catalogue.Described::name).toList();
    for (Path file : Stream.concat(documents().stream(), dashboards().stream()).toList()) {
      METRIC
          .matcher(Files.readString(file))
          .results()
          .map(MatchResult::group)
          .forEach(
              metric ->
                  assertThat(known)
                      .as(ROOT.relativize(file).toString())
                      .anyMatch(name -> metric.matches(name + PARTS)));
    }
  }

  @Test
  void theDashboardsAreJson() throws IOException, InvalidJson {
    for (Path file : dashboards()) {
      assertThat(Json.asObject(Json.parse(Files.readString(file)))).containsKey("panels");
    }
  }

  /** A block of YAML in a document. */
  private record Block(String where, String text) {}

  private static DynamicTest valid(WorkflowReader reader, String where, String text) {
    return DynamicTest.dynamicTest(
        where,
        () -> {
          Reading reading = reader.read(where, text);
          List<Problem> problems =
              reading instanceof Reading.Invalid invalid
                  ? invalid.problems()
                  : ((Reading.Valid) reading).warnings();
          assertThat(problems).isEmpty();
        });
  }

  private static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (Path file : documents()) {
      YAML.matcher(Files.readString(file))
          .results()
          .forEach(
              block ->
                  blocks.add(
                      new Block(
                          ROOT.relativize(file) + " from character " + block.start(),
                          block.group(1))));
    }
    assertThat(blocks).hasSizeGreaterThan(5);
    return blocks;
  }

  private static List<Path> documents() throws IOException {
    List<Path> all = new ArrayList<>(files("docs", ".md"));
    all.addAll(files("agents", ".md"));
    all.addAll(files("deploy", ".md"));
    try (Stream<Path> top = Files.list(ROOT)) {
      top.filter(file -> file.toString().endsWith(".md")).forEach(all::add);
    }
    return all;
  }

  private static List<Path> dashboards() throws IOException {
    return files("dashboards", ".json");
  }

  private static List<Path> files(String folder, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  /** As GitHub makes them of headings. */
  private static List<String> anchors(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> "#" + title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }

  private static List<String> settings(String prefix, Class<?> type) {
    List<String> names = new ArrayList<>();
    for (RecordComponent part : type.getRecordComponents()) {
      String name =
          prefix + "." + part.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      names.addAll(part.getType().isRecord() ? settings(name, part.getType()) : List.of(name));
    }
    return names;
  }

  private static String environment(String setting) {
    return setting.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  private static List<Path> agentFolders() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT.resolve("agents"))) {
      return folders.filter(f -> Files.exists(f.resolve(ManifestReader.FILE))).sorted().toList();
    }
  }

  /** Reads against the agents that come with Drover, and those whose manifest the docs show. */
  private static WorkflowReader reader() throws IOException {
    Map<AgentName, AgentCatalog.Entry> agents = new TreeMap<>();
    List<Path> known = new ArrayList<>(agentFolders());
    for (Block block : blocks()) {
      if (block.text().contains("\ncommand:")) {
        Path folder = Files.createTempDirectory(shown, "agent");
        Files.writeString(folder.resolve(ManifestReader.FILE), block.text());
        known.add(folder);
      }
    }
    for (Path folder : known) {
      ManifestReader.read(folder)
          .manifest()
          .ifPresent(
              m ->
                  agents.put(m.name(), new AgentCatalog.Entry(m.input(), false, Optional.empty())));
    }
    return new WorkflowReader(
        new AgentCatalog() {
          @Override
          public Collection<AgentName> names() {
            return agents.keySet();
          }

          @Override
          public Optional<Entry> find(AgentName name) {
            return Optional.ofNullable(agents.get(name));
          }
        },
        new EndpointRules(List.of("direct:*", "log:*")),
        new SpringCron());
  }
}
