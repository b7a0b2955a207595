package dev.drover.agents.compliancechecker;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What one source says of a component's licence.
 *
 * @param source where it was found, in words for the report
 * @param choices the licences of it; of several entries of Maven's {@code licenses} one may be
 *     chosen
 */
record Claim(String source, Kind kind, List<Choice> choices) {
  /** How the words of a claim are to be understood. */
  enum Kind {
    /** Names, ids, expressions, addresses, of which one may be chosen. */
    DECLARED,
    /** The same, of which all apply. */
    TOGETHER,
    /** The text of a licence. */
    TEXT
  }

  /** One licence as somebody wrote it down; either may be empty. */
  record Choice(String name, String url) {
    String words() {
      return name.isBlank() ? url : name;
    }
  }

  Claim {
    choices = List.copyOf(choices);
  }

  static Claim declared(String source, String words) {
    return new Claim(source, Kind.DECLARED, List.of(new Choice(words, "")));
  }

  static Claim together(String source, List<String> words) {
    List<Choice> all = words.stream().map(word -> new Choice(word, "")).toList();
    return new Claim(source, Kind.TOGETHER, all);
  }

  static Claim text(String source, String text) {
    return new Claim(source, Kind.TEXT, List.of(new Choice(text, "")));
  }

  /** What was declared, for the report; nothing for a text. */
  String words() {
    return kind == Kind.TEXT
        ? ""
        : choices.stream().map(Choice::words).collect(Collectors.joining(" | "));
  }
}
