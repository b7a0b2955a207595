package dev.drover.workflow;

import java.util.Collection;
import java.util.stream.Collectors;

/** Words of authors and of data in messages: never longer than a reader wants. */
final class Quote {
  private static final int MAX_LENGTH = 120;
  private static final int MAX_WORDS = 12;

  private Quote() {}

  static String of(String text) {
    return '"' + cut(text) + '"';
  }

  static String cut(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
  }

  /** Some words, separated by commas. */
  static String list(Collection<?> words) {
    String some =
        words.stream()
            .limit(MAX_WORDS)
            .map(word -> cut(String.valueOf(word)))
            .collect(Collectors.joining(", "));
    int more = words.size() - MAX_WORDS;
    return more > 0 ? some + " and " + more + " more" : some;
  }
}
