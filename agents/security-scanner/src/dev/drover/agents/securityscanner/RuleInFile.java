package dev.drover.agents.securityscanner;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/** One rule on its way through one file: where it has been tried, and what it has found. */
final class RuleInFile {
  private final SecretRule rule;
  private final String text;
  private final boolean covered;
  private final Matcher matcher;
  private final List<Sighting> sightings = new ArrayList<>();

  /** The first place at which the rule has not been tried. */
  private int untried;

  private int lastSecretAt = -1;

  RuleInFile(SecretRule rule, String path, String text) {
    this.rule = rule;
    this.text = text;
    this.covered = rule.scope().covers(path);
    this.matcher =
        rule.form().pattern().matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
  }

  /** A keyword of the rule ends at {@code end}, in the line that ends at {@code lineEnd}. */
  void hit(int end, int lineEnd) {
    if (!covered) {
      return;
    }
    int latest = end - rule.shortestKeyword();
    int from = Math.max(untried, end - rule.longestKeyword() - rule.form().before());
    untried = Math.max(untried, latest + 1);
    int seen = rule.form().lines() == 1 ? lineEnd : endOfLines(end);
    for (int at = Math.max(0, from); at <= latest; at++) {
      matcher.region(at, Math.min(seen, at + SecretScanner.WINDOW));
      if (matcher.lookingAt() && take()) {
        untried = matcher.end();
        return;
      }
    }
  }

  List<Sighting> sightings() {
    return sightings;
  }

  private int endOfLines(int from) {
    int most = Math.min(text.length(), from + SecretScanner.WINDOW);
    int newlines = 0;
    for (int i = from; i < most; i++) {
      if (text.charAt(i) == '\n' && ++newlines == rule.form().lines()) {
        return i;
      }
    }
    return most;
  }

  private boolean take() {
    int start = matcher.start(rule.form().group());
    if (start <= lastSecretAt) {
      return false;
    }
    lastSecretAt = start;
    String secret = matcher.group(rule.form().group());
    if (!rule.check().passes(secret)) {
      return false;
    }
    int shownAt = rule.form().lines() > 1 ? matcher.start() : start;
    Sighting.Kind kind = rule.check().generic() ? Sighting.Kind.GENERIC : Sighting.Kind.SECRET;
    sightings.add(new Sighting(rule.info(), shownAt, matcher.end(), Mask.of(secret), kind));
    return true;
  }
}
