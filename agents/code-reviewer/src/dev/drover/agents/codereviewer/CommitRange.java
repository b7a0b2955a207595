package dev.drover.agents.codereviewer;

import dev.drover.agents.kit.BadInput;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two commits by name, as git writes a range.
 *
 * @param fromMergeBase for {@code a...b}: only what came on b's side since both were one
 */
record CommitRange(String from, String to, boolean fromMergeBase) {
  /** What can neither be an option nor another range. */
  private static final String NAME = "([A-Za-z0-9_@][A-Za-z0-9_@/.~^{}+=-]{0,250}?)";

  private static final Pattern RANGE = Pattern.compile(NAME + "(\\.{2,3})" + NAME);

  static CommitRange parse(String text) throws BadInput {
    Matcher range = RANGE.matcher(text);
    if (!range.matches() || range.group(1).contains("..") || range.group(3).contains("..")) {
      throw new BadInput(
          "range must be two names of commits with .. or ... between, as in main..feature");
    }
    return new CommitRange(range.group(1), range.group(3), range.group(2).length() == 3);
  }
}
