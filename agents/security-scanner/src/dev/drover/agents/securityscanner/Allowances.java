package dev.drover.agents.securityscanner;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The comments of a file that allow a finding: the marker and a rule id, on the finding's line or
 * on a comment line directly above it (a Dockerfile has no comments behind instructions).
 */
final class Allowances {
  private static final String MARKER = "drover:allow";
  private static final Pattern RULES = Pattern.compile("[ \\t,]{1,4}([a-z0-9*][a-z0-9-]{0,63})");
  private static final Pattern COMMENT_LINE =
      Pattern.compile("[ \\t]{0,200}(?:#|//|--|;|/\\*|\\*|<!--)");

  private final Map<Integer, Set<String>> rulesByLine = new HashMap<>();

  Allowances(String text, Positions positions) {
    for (int at = text.indexOf(MARKER); at >= 0; at = text.indexOf(MARKER, at + 1)) {
      int line = positions.line(at);
      Set<String> rules = rulesAfter(text, at + MARKER.length());
      allow(line, rules);
      if (COMMENT_LINE.matcher(text).region(positions.lineStart(at), at).lookingAt()) {
        allow(line + 1, rules);
      }
    }
  }

  boolean allows(int line, String rule) {
    Set<String> rules = rulesByLine.get(line);
    return rules != null && (rules.contains(rule) || rules.contains("*"));
  }

  private void allow(int line, Set<String> rules) {
    rulesByLine.computeIfAbsent(line, any -> new HashSet<>()).addAll(rules);
  }

  private static Set<String> rulesAfter(String text, int offset) {
    Set<String> rules = new HashSet<>();
    Matcher matcher = RULES.matcher(text);
    matcher.region(offset, text.length());
    while (matcher.lookingAt()) {
      rules.add(matcher.group(1));
      matcher.region(matcher.end(), text.length());
    }
    return rules;
  }
}
