package dev.drover.agents.securityscanner;

import dev.drover.agents.kit.Glob;
import java.util.List;
import java.util.regex.Pattern;

/** One rule of the rule file, ready to be used. */
record SecretRule(RuleInfo info, List<String> keywords, Scope scope, Form form, Check check) {

  int longestKeyword() {
    int longest = 0;
    for (String keyword : keywords) {
      longest = Math.max(longest, keyword.length());
    }
    return longest;
  }

  int shortestKeyword() {
    int shortest = Integer.MAX_VALUE;
    for (String keyword : keywords) {
      shortest = Math.min(shortest, keyword.length());
    }
    return shortest;
  }

  /** The files a rule looks at: those that match {@code only}, if any, without {@code except}. */
  record Scope(List<Glob> only, List<Glob> except) {

    boolean covers(String path) {
      return (only.isEmpty() || Glob.anyMatches(only, path)) && !Glob.anyMatches(except, path);
    }
  }

  /**
   * What the secret looks like: the group of the pattern that is the secret, the number of
   * characters that a match may begin before its keyword, and the number of lines from the keyword
   * on that the pattern may see.
   */
  record Form(Pattern pattern, int group, int before, int lines) {}

  /**
   * What a match must pass: at least {@code minEntropy} bits for each character, and none of the
   * {@code allow} patterns found in it. A {@code generic} match gives way to any other finding.
   */
  record Check(double minEntropy, List<Pattern> allow, boolean generic) {

    boolean passes(String secret) {
      for (Pattern pattern : allow) {
        if (pattern.matcher(secret).find()) {
          return false;
        }
      }
      return minEntropy == 0 || Entropy.of(secret) >= minEntropy;
    }
  }
}
