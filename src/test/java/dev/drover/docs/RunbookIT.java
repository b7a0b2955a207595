package dev.drover.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.RequiredTool;
import dev.drover.TestDatabase;
import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the runbook tells people to type, they can type; what it says they see, they see. */
@Timeout(60)
class RunbookIT {
  private static final Pattern CALL =
      Pattern.compile("curl ([^|;\\n]*?)['\"]?localhost:9002(/api/[^\\s'\"|;]*)([^|;\\n]*)");

  @Test
  void itsSqlRunsOnTheJournal() throws IOException {
    List<String> statements = Runbook.read().sql();
    assertThat(statements)
        .hasSizeGreaterThan(15)
        .allSatisfy(sql -> assertThat(sql).matches("(?s)(select|show|explain) .*"));
    try (TestDatabase database = TestDatabase.create()) {
      for (String sql : statements) {
        assertThat(database.jdbc().sql(sql).query().listOfRows()).as(sql).isNotNull();
      }
    }
  }

  @Test
  void itsCallsAreOperationsOfTheApi() throws IOException, InvalidJson {
    Map<String, Object> api =
        Json.asObject(Json.parse(Files.readString(Path.of("docs/openapi.json"))));
    Map<String, Object> paths = Json.asObject(api.get("paths"));
    List<String> unknown = new ArrayList<>();
    int calls = 0;
    for (String block : Runbook.read().blocks("bash")) {
      Matcher call = CALL.matcher(block);
      while (call.find()) {
        calls++;
        if (!isOperation(paths, call)) {
          unknown.add(call.group());
        }
      }
    }
    assertThat(calls).isGreaterThan(25);
    assertThat(unknown).isEmpty();
  }

  private static boolean isOperation(Map<String, Object> paths, Matcher call) {
    String options = call.group(1) + call.group(3);
    String method =
        options.contains("-X POST") || options.matches("(?s).*(-d |--data).*") ? "post" : "get";
    String[] parts = call.group(2).split("\\?", 2);
    List<String> parameters =
        parts.length == 1
            ? List.of()
            : Arrays.stream(parts[1].split("&")).map(p -> p.replaceFirst("=.*", "")).toList();
    return paths.entrySet().stream()
        .filter(path -> parts[0].matches(path.getKey().replaceAll("\\{[^}]*}", "[^/]+")))
        .map(path -> Json.asObject(path.getValue()).get(method))
        .anyMatch(operation -> operation != null && parameters(operation).containsAll(parameters));
  }

  private static List<Object> parameters(Object operation) {
    Object list = Json.asObject(operation).getOrDefault("parameters", List.of());
    return ((List<?>) list)
        .stream().map(parameter -> Json.asObject(parameter).get("name")).toList();
  }

  @Test
  void itsCommandsAreShell() throws IOException, InterruptedException {
    RequiredTool.assume("bash");
    String all = String.join("\n", Runbook.read().blocks("bash"));
    Process bash = new ProcessBuilder("bash", "-n", "-c", all).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).as(said).isZero();
  }

  @Test
  void theLinesOfTheLogAndTheAnswersThatItTellsOfAreInTheCode() throws IOException {
    String code = code();
    Runbook runbook = Runbook.read();
    List<String> lines = runbook.logged();
    List<String> answers =
        Stream.of(runbook.column("the answer"), runbook.column("it says"))
            .flatMap(List::stream)
            .flatMap(text -> Arrays.stream(text.split("…", -1)))
            .toList();
    assertThat(lines).hasSizeGreaterThan(15);
    assertThat(answers).hasSizeGreaterThan(15);
    assertThat(lines).filteredOn(line -> !code.contains(".log(\"" + line + "\")")).isEmpty();
    assertThat(answers).filteredOn(text -> !code.contains(text)).isEmpty();
  }

  /** All of it, without line ends in texts. */
  private static String code() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<String> texts = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        texts.add(Files.readString(file));
      }
      return texts.stream().collect(Collectors.joining()).replaceAll("\"\\s*\\+\\s*\"", "");
    }
  }
}
