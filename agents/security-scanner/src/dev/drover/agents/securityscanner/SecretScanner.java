package dev.drover.agents.securityscanner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rules to a text. The regular expressions see a window around a keyword, at most 4096
 * characters, so that no line is too long and no pattern can run away.
 */
final class SecretScanner {
  static final int WINDOW = 4096;
  private static final int BEFORE_KEYWORD = 2048;

  /** Longer than any keyword's distance to the end of its secret. */
  private static final int OVERLAP = 1024;

  private final List<SecretRule> rules;
  private final KeywordIndex keywords;

  SecretScanner(List<SecretRule> rules) {
    this.rules = rules;
    List<List<String>> lists = new ArrayList<>(rules.size());
    for (SecretRule rule : rules) {
      lists.add(rule.keywords());
    }
    this.keywords = new KeywordIndex(lists);
  }

  /** The text has one char per byte. In the order of the rule file: earlier rules go first. */
  List<Sighting> scan(String path, String text) {
    Pass pass = new Pass(path, text);
    keywords.scan(text, pass);
    return pass.sightings();
  }

  /** One pass over one file. */
  private final class Pass implements KeywordIndex.Listener {
    private final String path;
    private final String text;

    /** Up to where a rule has seen the text; beyond its end for a rule that skips this file. */
    private final int[] seen = new int[rules.size()];

    private final int[] lastFound = new int[rules.size()];
    private final @Nullable Matcher[] matchers = new Matcher[rules.size()];
    private final List<List<Sighting>> found = new ArrayList<>(rules.size());

    Pass(String path, String text) {
      this.path = path;
      this.text = text;
      Arrays.fill(lastFound, -1);
      for (int i = 0; i < rules.size(); i++) {
        found.add(List.of());
      }
    }

    @Override
    public void hit(int end, int[] hitRules) {
      for (int rule : hitRules) {
        if (end > seen[rule]) {
          look(rule, end);
        }
      }
    }

    private void look(int index, int end) {
      SecretRule rule = rules.get(index);
      Matcher matcher = matchers[index];
      if (matcher == null) {
        if (!rule.scope().covers(path)) {
          seen[index] = Integer.MAX_VALUE;
          return;
        }
        matcher = rule.form().pattern().matcher(text);
        matcher.useTransparentBounds(true).useAnchoringBounds(false);
        matchers[index] = matcher;
      }
      int from = windowStart(end);
      int to = windowEnd(from, end, rule.form().lines());
      boolean whole = to == text.length() || text.charAt(to) == '\n';
      seen[index] = whole ? to : Math.max(end, to - OVERLAP);
      matcher.region(from, to);
      while (matcher.find()) {
        take(index, matcher);
      }
    }

    private int windowStart(int end) {
      int least = Math.max(0, end - BEFORE_KEYWORD);
      for (int i = end - 1; i >= least; i--) {
        if (text.charAt(i) == '\n') {
          return i + 1;
        }
      }
      return least;
    }

    private int windowEnd(int from, int end, int lines) {
      int most = Math.min(text.length(), from + WINDOW);
      int newlines = 0;
      for (int i = end; i < most; i++) {
        if (text.charAt(i) == '\n' && ++newlines == lines) {
          return i;
        }
      }
      return most;
    }

    private void take(int index, Matcher matcher) {
      SecretRule rule = rules.get(index);
      int start = matcher.start(rule.form().group());
      if (start <= lastFound[index]) {
        return;
      }
      lastFound[index] = start;
      String secret = matcher.group(rule.form().group());
      if (!rule.check().passes(secret)) {
        return;
      }
      int shownAt = rule.form().lines() > 1 ? matcher.start() : start;
      Sighting.Kind kind = rule.check().generic() ? Sighting.Kind.GENERIC : Sighting.Kind.SECRET;
      if (found.get(index).isEmpty()) {
        found.set(index, new ArrayList<>());
      }
      found
          .get(index)
          .add(new Sighting(rule.info(), shownAt, matcher.end(), Mask.of(secret), kind));
    }

    List<Sighting> sightings() {
      List<Sighting> all = new ArrayList<>();
      for (List<Sighting> ofRule : found) {
        all.addAll(ofRule);
      }
      return all;
    }
  }
}
