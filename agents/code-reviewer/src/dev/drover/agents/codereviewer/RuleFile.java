package dev.drover.agents.codereviewer;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the rule files. A rule that can't be used is an error: a review with fewer rules would
 * praise what it has not looked at.
 */
final class RuleFile {
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "severity",
          "message",
          "why",
          "fix",
          "languages",
          "files",
          "except",
          "tests",
          "in",
          "lines",
          "regex",
          "unless",
          "near",
          "bad",
          "good",
          "example");
  private static final int MOST_LINES = 8;

  private final Map<?, ?> entry;
  private final String where;

  private RuleFile(Map<?, ?> entry, String where) {
    this.entry = entry;
    this.where = where;
  }

  /** Every rule of the folder's files, in the order of their names. */
  static List<Rule> readAll(Path folder) throws WorkFailure {
    List<Rule> rules = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        rules.addAll(parse(file.getFileName().toString(), Files.readString(file)));
      }
    } catch (IOException e) {
      throw wrong(folder + " can't be read; start the agent in its own folder");
    }
    Set<String> ids = new HashSet<>();
    for (Rule rule : rules) {
      if (!ids.add(rule.id())) {
        throw wrong("the id " + rule.id() + " is used twice");
      }
    }
    return List.copyOf(rules);
  }

  static List<Rule> parse(String file, String yaml) throws WorkFailure {
    Object top;
    try {
      top =
          new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
              .loadFromString(yaml);
    } catch (YamlEngineException e) {
      throw wrong(file + " is not valid YAML: " + e.getMessage());
    }
    if (!(top instanceof Map<?, ?> map) || !(map.get("rules") instanceof List<?> list)) {
      throw wrong(file + " needs a list called rules");
    }
    List<Rule> rules = new ArrayList<>(list.size());
    for (Object entry : list) {
      if (!(entry instanceof Map<?, ?> rule)) {
        throw wrong(file + ": each entry of rules is a map");
      }
      rules.add(new RuleFile(rule, file + ": rule " + rule.get("id")).rule());
    }
    return rules;
  }

  private Rule rule() throws WorkFailure {
    for (Object key : entry.keySet()) {
      if (!KEYS.contains(String.valueOf(key))) {
        throw wrong(where + ": unknown key " + key + "; known are " + new TreeSet<>(KEYS));
      }
    }
    Severity severity =
        Severity.of(text("severity"))
            .orElseThrow(() -> wrong(where + ": severity is critical, high, medium or low"));
    Rule.Advice advice =
        new Rule.Advice(text("id"), severity, text("message"), text("why"), text("fix"));
    Rule.Scope scope =
        new Rule.Scope(
            languages(),
            paths("files"),
            paths("except"),
            choice("tests", Rule.Tests.ANY, Rule.Tests.values()));
    Rule.Form form =
        new Rule.Form(
            choice("in", CodeLine.View.CODE, CodeLine.View.values()),
            lines(),
            compile(text("regex")),
            RequiredWords.of(text("regex")),
            pattern("unless"),
            pattern("near"));
    List<String> bad = texts("bad");
    if (bad.isEmpty()) {
      throw wrong(where + ": it needs an example of what it finds, called bad");
    }
    String file = entry.get("example") instanceof String name ? name : exampleFile(scope);
    return new Rule(advice, scope, form, new Rule.Examples(bad, texts("good"), file));
  }

  private static String exampleFile(Rule.Scope scope) {
    String folder = scope.tests() == Rule.Tests.ONLY ? "src/test/" : "src/main/";
    if (scope.languages().isEmpty()) {
      return folder + "Example.java";
    }
    return switch (scope.languages().iterator().next()) {
      case JAVA -> folder + "Example.java";
      case KOTLIN -> folder + "example.kt";
      case JAVASCRIPT -> folder + "example.js";
      case TYPESCRIPT -> folder + "example.ts";
      case PYTHON -> folder + "example.py";
      case GO -> folder + "example.go";
      case C -> folder + "example.c";
      case PHP -> folder + "example.php";
      case RUBY -> folder + "example.rb";
      case SHELL -> folder + "example.sh";
      case MAKE -> "Makefile";
      case SQL -> folder + "example.sql";
      case YAML -> ".github/workflows/example.yaml";
      case DOCKERFILE -> "Dockerfile";
      case TERRAFORM -> "example.tf";
      case PROPERTIES -> "example.properties";
      case XML -> "example.xml";
      case JSON -> "example.json";
      case TEXT -> "example.txt";
    };
  }

  private Set<Language> languages() throws WorkFailure {
    Set<Language> languages = EnumSet.noneOf(Language.class);
    for (String name : texts("languages")) {
      languages.add(
          Language.named(name).orElseThrow(() -> wrong(where + ": unknown language " + name)));
    }
    return languages;
  }

  private PathPatterns paths(String key) throws WorkFailure {
    try {
      return PathPatterns.of(texts(key));
    } catch (IllegalArgumentException e) {
      throw wrong(where + ": " + key + ": " + e.getMessage());
    }
  }

  private int lines() throws WorkFailure {
    Object value = entry.get("lines");
    if (value == null) {
      return 1;
    }
    if (value instanceof Integer lines && lines >= 1 && lines <= MOST_LINES) {
      return lines;
    }
    throw wrong(where + ": lines is a number from 1 to " + MOST_LINES);
  }

  private <E extends Enum<E>> E choice(String key, E standard, E[] values) throws WorkFailure {
    if (!entry.containsKey(key)) {
      return standard;
    }
    return Stream.of(values)
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(entry.get(key)))
        .findFirst()
        .orElseThrow(() -> wrong(where + ": " + key + " is one of " + List.of(values)));
  }

  private Optional<Pattern> pattern(String key) throws WorkFailure {
    return entry.containsKey(key) ? Optional.of(compile(text(key))) : Optional.empty();
  }

  private Pattern compile(String regex) throws WorkFailure {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw wrong(where + ": " + e.getDescription() + " in " + regex);
    }
  }

  private String text(String key) throws WorkFailure {
    if (entry.get(key) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw wrong(where + ": it needs a text called " + key);
  }

  private List<String> texts(String key) throws WorkFailure {
    Object value = entry.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(where + ": " + key + " is a list");
    }
    return list.stream().map(String::valueOf).toList();
  }

  private static WorkFailure wrong(String problem) {
    return WorkFailure.permanent("the rules are wrong: " + problem);
  }
}
