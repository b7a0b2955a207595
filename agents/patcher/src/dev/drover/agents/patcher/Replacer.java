package dev.drover.agents.patcher;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.drover.agents.kit.WorkFailure;

/**
 * Replaces texts. Patterns come from outside, so they are RE2's: matching takes time proportional
 * to the text, whatever the pattern.
 */
final class Replacer {
  private static final java.util.regex.Pattern BRACES =
      java.util.regex.Pattern.compile("\\$\\{(\\d{1,2})\\}");
  private static final int MOST_PLACES = 100_000;

  private final Pattern pattern;
  private final String template;

  private Replacer(Fix.Replacement fix) throws FixProblem {
    this.template = fix.regex() ? template(fix.with()) : Matcher.quoteReplacement(fix.with());
    try {
      this.pattern =
          Pattern.compile(
              fix.regex() ? fix.search() : Pattern.quote(fix.search()), Pattern.MULTILINE);
    } catch (PatternSyntaxException e) {
      throw new FixProblem(
          "the pattern is not one of RE2's (no look-around, no back references): "
              + e.getDescription());
    }
  }

  static void apply(Fix.Replacement fix, Workspace files, FixOutcome outcome)
      throws FixProblem, WorkFailure {
    Replacer replacer = new Replacer(fix);
    for (String path : files.find(fix.files())) {
      replacer.file(path, files, outcome);
    }
    int expected = fix.expect().orElse(-1);
    if (expected >= 0 && outcome.replaced() != expected) {
      throw new FixProblem("it occurs " + outcome.replaced() + " times, expected are " + expected);
    }
    if (expected < 0 && outcome.replaced() == 0) {
      throw new FixProblem("it occurs nowhere in the files that match");
    }
    if (outcome.edits().isEmpty()) {
      outcome.already("nothing to replace, or the replacement is the same text");
    }
  }

  private void file(String path, Workspace files, FixOutcome outcome) throws FixProblem {
    FileState before = files.read(path).orElse(null);
    if (before == null || before.isBinary()) {
      return;
    }
    String text = before.decoded().text();
    Matcher matcher = pattern.matcher(text);
    StringBuilder after = new StringBuilder();
    int count = 0;
    int firstChange = -1;
    int from = 0;
    while (matcher.find()) {
      if (outcome.replaced() + ++count > MOST_PLACES) {
        throw new FixProblem("it occurs more than " + MOST_PLACES + " times");
      }
      int at = after.length() + matcher.start() - from;
      append(matcher, after);
      if (firstChange < 0 && !after.substring(at).equals(matcher.group())) {
        firstChange = matcher.start();
      }
      if (after.length() > SourceTree.LARGEST_FILE) {
        throw new FixProblem(path + " would become larger than " + SourceTree.LARGEST_FILE);
      }
      from = matcher.end();
    }
    outcome.replaced(count);
    if (firstChange >= 0) {
      String result = after.append(text, from, text.length()).toString();
      files.put(path, encoded(path, before, result));
      outcome.edit(path, Places.line(text, firstChange), "", count + " places");
    }
  }

  private static FileState encoded(String path, FileState before, String text) throws FixProblem {
    FileState.Decoded decoded = before.decoded();
    if (!decoded.canHold(text)) {
      throw new FixProblem(path + " is not UTF-8, and can't hold the replacement");
    }
    return before.with(decoded.encode(text));
  }

  /**
   * RE2/J knows no braces round a number: without them, what follows must not be one of its digits.
   */
  private static String template(String with) {
    StringBuilder out = new StringBuilder();
    java.util.regex.Matcher braces = BRACES.matcher(with);
    int at = 0;
    while (at < with.length()) {
      if (with.charAt(at) == '\\' && at + 1 < with.length()) {
        out.append(with, at, at + 2);
        at += 2;
      } else if (braces.region(at, with.length()).lookingAt()) {
        out.append('$').append(braces.group(1));
        at = braces.end();
        if (at < with.length() && Character.isDigit(with.charAt(at))) {
          out.append('\\');
        }
      } else {
        out.append(with.charAt(at++));
      }
    }
    return out.toString();
  }

  private void append(Matcher matcher, StringBuilder after) throws FixProblem {
    try {
      matcher.appendReplacement(after, template);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new FixProblem("the replacement names a group that the pattern does not have");
    }
  }
}
