package dev.drover.agents.codereviewer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What comments in the code allow: {@code drover:allow rule, rule} on the line, or on a line of
 * comment directly above.
 */
final class Suppressions {
  private static final Pattern ALLOW =
      Pattern.compile(
          "drover:allow[ \\t]{1,9}([\\w-]{1,64}|\\*)((?:[ \\t]{0,9},[ \\t]{0,9}[\\w-]{1,64}){0,20})");

  private final Map<Integer, Set<String>> allowed = new HashMap<>();

  Suppressions(List<List<CodeLine>> hunks, Syntax syntax) {
    for (List<CodeLine> hunk : hunks) {
      for (CodeLine line : hunk) {
        // A language without comments has these words nowhere else.
        String text = syntax.equals(Syntax.PLAIN) ? line.raw() : line.comment();
        Matcher found = ALLOW.matcher(text);
        if (text.contains("drover:allow") && found.find()) {
          Set<String> rules = Set.of((found.group(1) + found.group(2)).split("[\\s,]+"));
          allowed.put(line.number(), rules);
          if (line.code().isBlank()) {
            allowed.put(line.number() + 1, rules);
          }
        }
      }
    }
  }

  boolean allows(ReviewComment comment) {
    Set<String> rules = allowed.getOrDefault(comment.line(), Set.of());
    return rules.contains("*") || rules.contains(comment.advice().id());
  }
}
