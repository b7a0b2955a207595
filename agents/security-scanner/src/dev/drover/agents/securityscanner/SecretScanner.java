package dev.drover.agents.securityscanner;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rules to a text. A regular expression is tried only where a keyword says that a match
 * can begin, at each place once, and sees at most 4096 characters from there: no line is too long
 * and no pattern can run away.
 */
final class SecretScanner {
  static final int WINDOW = 4096;

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
    private final @Nullable RuleInFile[] inFile = new RuleInFile[rules.size()];

    /** The end of the line that was looked at last. */
    private int lineEnd = -1;

    Pass(String path, String text) {
      this.path = path;
      this.text = text;
    }

    @Override
    public void hit(int end, int[] hitRules) {
      if (end > lineEnd) {
        int newline = text.indexOf('\n', end);
        lineEnd = newline < 0 ? text.length() : newline;
      }
      for (int rule : hitRules) {
        RuleInFile here = inFile[rule];
        if (here == null) {
          here = new RuleInFile(rules.get(rule), path, text);
          inFile[rule] = here;
        }
        here.hit(end, lineEnd);
      }
    }

    List<Sighting> sightings() {
      List<Sighting> all = new ArrayList<>();
      for (RuleInFile here : inFile) {
        if (here != null) {
          all.addAll(here.sightings());
        }
      }
      return all;
    }
  }
}
