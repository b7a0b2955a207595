package dev.drover.docs;

import dev.drover.json.Json;
import dev.drover.yaml.YamlDocument;
import dev.drover.yaml.YamlValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules that come with Drover for Prometheus, and their tests for promtool. */
public record AlertRules(Path folder) {
  /** Quoted texts, label matchers, lists of labels, comments. */
  private static final Pattern NO_METRIC =
      Pattern.compile(
          "\"[^\"]*\"|#.*|\\b(by|on|without|ignoring) *\\([^)]*\\)|\\{[^}]*}|\\[[^]]*]");

  private static final Pattern METRIC =
      Pattern.compile(
          "(?<![\\w:])(?!(?:and|or|unless|offset|bool)\\b)[a-z][a-z0-9_:]*(?![\\w:]| *\\()");

  /** Those of the project. */
  public static AlertRules shipped() {
    return new AlertRules(Path.of("deploy/prometheus").toAbsolutePath());
  }

  /** All rules, alerts and recorded ones, as they are written. */
  public List<Map<String, Object>> all() {
    return files("rules").stream()
        .flatMap(file -> list(file, "groups"))
        .flatMap(group -> objects(group.get("rules")))
        .toList();
  }

  List<Map<String, Object>> alerts() {
    return all().stream().filter(rule -> rule.containsKey("alert")).toList();
  }

  /** All tests of an alert: each {@code alert_rule_test} of a file. */
  List<Map<String, Object>> tests(Object alert) {
    return files("tests").stream()
        .flatMap(file -> list(file, "tests"))
        .flatMap(test -> objects(test.get("alert_rule_test")))
        .filter(test -> alert.equals(test.get("alertname")))
        .toList();
  }

  /** The metrics that an expression asks for, recorded ones too. */
  public static List<String> metrics(String promql) {
    return METRIC
        .matcher(NO_METRIC.matcher(promql).replaceAll(" "))
        .results()
        .map(MatchResult::group)
        .distinct()
        .toList();
  }

  List<Path> files(String kind) {
    try (Stream<Path> all = Files.list(folder.resolve(kind))) {
      return all.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Map<String, Object>> list(Path file, String key) {
    try {
      YamlDocument.Result read = YamlDocument.read(file.toString(), Files.readString(file));
      YamlValue root =
          read.root().orElseThrow(() -> new AssertionError(read.problems().toString()));
      return objects(Json.asObject(root.plain()).get(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Map<String, Object>> objects(Object list) {
    return ((List<?>) list).stream().map(Json::asObject);
  }
}
