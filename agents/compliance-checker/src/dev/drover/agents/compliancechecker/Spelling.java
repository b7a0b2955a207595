package dev.drover.agents.compliancechecker;

import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * Takes out of names, addresses and texts what does not tell licences apart, so that two spellings
 * of one thing become the same.
 */
final class Spelling {
  private static final Set<String> FILLERS =
      Set.of(
          "the",
          "license",
          "licence",
          "licensed",
          "licenses",
          "version",
          "ver",
          "v",
          "software",
          "under",
          "a",
          "of",
          "and",
          "or",
          "your",
          "terms");
  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^a-z0-9.+]+");
  private static final Pattern LETTER_THEN_DIGIT = Pattern.compile("(?<=[a-z])v?(?=[0-9])");
  private static final Pattern STRAY_POINTS = Pattern.compile("(?<![0-9])\\.|\\.(?![0-9])");
  private static final Pattern ZERO_END = Pattern.compile("(\\d)(\\.0)+(?![0-9.])");
  private static final Pattern LATER = Pattern.compile(" or (later|newer|any later)( version)?\\b");
  private static final Pattern PLUS = Pattern.compile("\\+");
  private static final Pattern NOT_IN_TEXTS = Pattern.compile("[^a-z0-9]+");
  private static final Pattern SCHEME = Pattern.compile("^[a-z]+://");
  private static final Pattern END = Pattern.compile("[?#].*$");
  private static final Pattern SUFFIX = Pattern.compile("/*(\\.(txt|html?|php|md|rst|shtml))?/*$");

  private Spelling() {}

  /** "The Apache Software License, Version 2.0" becomes "apache 2". */
  static String name(String name) {
    String text = PLUS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll(" + ");
    text = NOT_IN_NAMES.matcher(text).replaceAll(" ");
    text = LATER.matcher(text).replaceAll(" + ");
    text = LETTER_THEN_DIGIT.matcher(text).replaceAll(" ");
    text = STRAY_POINTS.matcher(text).replaceAll(" ");
    text = ZERO_END.matcher(text).replaceAll("$1");
    StringJoiner words = new StringJoiner(" ");
    for (String word : text.strip().split(" +", -1)) {
      if (!FILLERS.contains(word) && !word.isEmpty()) {
        words.add(word);
      }
    }
    return words.toString();
  }

  /**
   * "https://www.apache.org/licenses/LICENSE-2.0.txt" becomes "apache.org/licenses/license-2.0".
   */
  static String url(String url) {
    String text = SCHEME.matcher(url.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
    text = END.matcher(text).replaceFirst("");
    text = text.startsWith("www.") ? text.substring("www.".length()) : text;
    return SUFFIX.matcher(text).replaceFirst("");
  }

  /** Words alone, one space apart, with a space at both ends. */
  static String text(String text) {
    return " " + NOT_IN_TEXTS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip() + " ";
  }
}
