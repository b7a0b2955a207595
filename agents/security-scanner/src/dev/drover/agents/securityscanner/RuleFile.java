package dev.drover.agents.securityscanner;

import dev.drover.agents.kit.Glob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the rule file. A rule that can't be used is an error: a scan with fewer rules would lie.
 */
final class RuleFile {
  private static final Set<String> TOP_KEYS = Set.of("allow", "sets", "rules");
  private static final Set<String> RULE_KEYS =
      Set.of(
          "id",
          "description",
          "severity",
          "remedy",
          "keywords",
          "regex",
          "group",
          "before",
          "lines",
          "minEntropy",
          "allow",
          "commonAllow",
          "generic",
          "files",
          "exceptFiles");

  private final List<Pattern> commonAllow;
  private final Map<?, ?> sets;

  private RuleFile(Map<?, ?> top) {
    rejectUnknownKeys(top, TOP_KEYS, "the rule file");
    this.sets = top.get("sets") instanceof Map<?, ?> map ? map : Map.of();
    this.commonAllow = patterns(top, "allow", "the rule file");
  }

  static List<SecretRule> read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new ScanException(
          ScanException.BROKEN,
          "can't read the rule file " + file + ": start the agent in its own folder");
    }
  }

  static List<SecretRule> parse(String yaml) {
    Object top;
    try {
      top =
          new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
              .loadFromString(yaml);
    } catch (YamlEngineException e) {
      throw wrong("it is not valid YAML: " + e.getMessage());
    }
    if (top instanceof Map<?, ?> map && map.get("rules") instanceof List<?> list) {
      return new RuleFile(map).rules(list);
    }
    throw wrong("it needs a list called rules");
  }

  private List<SecretRule> rules(List<?> list) {
    List<SecretRule> rules = new ArrayList<>(list.size());
    Set<String> ids = new HashSet<>();
    for (Object entry : list) {
      if (!(entry instanceof Map<?, ?> map)) {
        throw wrong("each entry of rules is a map");
      }
      SecretRule rule = rule(map);
      if (!ids.add(rule.info().id())) {
        throw wrong("the id " + rule.info().id() + " is used twice");
      }
      rules.add(rule);
    }
    return List.copyOf(rules);
  }

  private SecretRule rule(Map<?, ?> map) {
    String where = "rule " + map.get("id");
    rejectUnknownKeys(map, RULE_KEYS, where);
    RuleInfo info =
        new RuleInfo(
            text(map, "id", where),
            severity(map, where),
            text(map, "description", where),
            text(map, "remedy", where));
    SecretRule.Scope scope =
        new SecretRule.Scope(globs(map, "files", where), globs(map, "exceptFiles", where));
    return new SecretRule(info, keywords(map, where), scope, form(map, where), check(map, where));
  }

  /** File patterns, written out or named as a set. */
  private List<Glob> globs(Map<?, ?> map, String key, String where) {
    if (map.get(key) instanceof String set) {
      if (!sets.containsKey(set)) {
        throw wrong(where + ": " + key + " names the set " + set + ", which is not in sets");
      }
      return Glob.all(texts(sets, set, "sets"));
    }
    return Glob.all(texts(map, key, where));
  }

  private static SecretRule.Form form(Map<?, ?> map, String where) {
    Pattern pattern = compile(text(map, "regex", where), where);
    int group = (int) number(map, "group", 1, where);
    if (group > pattern.matcher("").groupCount()) {
      throw wrong(where + ": the regex has no group " + group);
    }
    int before = (int) number(map, "before", 0, where);
    return new SecretRule.Form(pattern, group, before, (int) number(map, "lines", 1, where));
  }

  private SecretRule.Check check(Map<?, ?> map, String where) {
    List<Pattern> allow = new ArrayList<>(patterns(map, "allow", where));
    if (!Boolean.FALSE.equals(map.get("commonAllow"))) {
      allow.addAll(commonAllow);
    }
    boolean generic = Boolean.TRUE.equals(map.get("generic"));
    return new SecretRule.Check(number(map, "minEntropy", 0, where), List.copyOf(allow), generic);
  }

  private static Severity severity(Map<?, ?> map, String where) {
    return Severity.of(text(map, "severity", where))
        .orElseThrow(() -> wrong(where + ": severity is critical, high, medium or low"));
  }

  private static List<String> keywords(Map<?, ?> map, String where) {
    List<String> keywords = texts(map, "keywords", where);
    if (keywords.isEmpty()) {
      throw wrong(where + ": it needs keywords, or it would be tried on every line");
    }
    for (String keyword : keywords) {
      if (keyword.length() < 2 || keyword.chars().anyMatch(c -> c > '~')) {
        throw wrong(where + ": a keyword has at least 2 characters, all ASCII");
      }
    }
    return keywords;
  }

  private static double number(Map<?, ?> map, String key, double otherwise, String where) {
    Object value = map.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number && number.doubleValue() >= 0) {
      return number.doubleValue();
    }
    throw wrong(where + ": " + key + " is a number");
  }

  private static String text(Map<?, ?> map, String key, String where) {
    if (map.get(key) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw wrong(where + ": it needs a text called " + key);
  }

  private static List<String> texts(Map<?, ?> map, String key, String where) {
    Object value = map.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(where + ": " + key + " is a list");
    }
    List<String> texts = new ArrayList<>(list.size());
    for (Object entry : list) {
      texts.add(String.valueOf(entry));
    }
    return List.copyOf(texts);
  }

  private static List<Pattern> patterns(Map<?, ?> map, String key, String where) {
    List<Pattern> patterns = new ArrayList<>();
    for (String regex : texts(map, key, where)) {
      patterns.add(compile(regex, where));
    }
    return List.copyOf(patterns);
  }

  private static Pattern compile(String regex, String where) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw wrong(where + ": " + e.getDescription() + " at " + e.getIndex() + " of " + regex);
    }
  }

  private static void rejectUnknownKeys(Map<?, ?> map, Set<String> known, String where) {
    for (Object key : map.keySet()) {
      if (!known.contains(String.valueOf(key))) {
        throw wrong(where + ": unknown key " + key);
      }
    }
  }

  private static ScanException wrong(String problem) {
    return new ScanException(ScanException.BROKEN, "the rule file is wrong: " + problem);
  }
}
