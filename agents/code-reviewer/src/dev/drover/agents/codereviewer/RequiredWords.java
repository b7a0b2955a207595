package dev.drover.agents.codereviewer;

import java.util.Set;
import java.util.TreeSet;

/**
 * Works out of a regular expression which words, one of them at least, every match holds: a line
 * without any need not be tried. Where it can't tell, it asks for nothing.
 */
final class RequiredWords {
  private static final int LEAST = 2;

  private final String regex;
  private int at;

  private RequiredWords(String regex) {
    this.regex = regex;
  }

  /** In lower case, whatever the case in the expression; empty: every text is to be tried. */
  static Set<String> of(String regex) {
    return new RequiredWords(regex).alternatives();
  }

  private Set<String> alternatives() {
    Set<String> all = new TreeSet<>();
    boolean known = true;
    do {
      Set<String> words = new Sequence().read();
      known &= !words.isEmpty();
      all.addAll(words);
    } while (skip('|'));
    return known ? all : Set.of();
  }

  private boolean skip(char wanted) {
    boolean found = at < regex.length() && regex.charAt(at) == wanted;
    at += found ? 1 : 0;
    return found;
  }

  /** One alternative. */
  private final class Sequence {
    private final StringBuilder run = new StringBuilder();
    private Set<String> best = Set.of();

    Set<String> read() {
      while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
        char character = regex.charAt(at++);
        switch (character) {
          case '^', '$' -> {} // between characters: the word goes on
          case '.' -> unknown();
          case '[' -> set();
          case '(' -> group();
          case '\\' -> escape(regex.charAt(at++));
          default -> literal(character);
        }
      }
      offer(run());
      return best;
    }

    private void literal(char character) {
      if (!isOptionalNext()) {
        run.append(Character.toLowerCase(character));
        if (!quantifier()) {
          return;
        }
      }
      quantifier();
      offer(run());
    }

    private void escape(char character) {
      switch (character) {
        case 'b', 'B', 'A', 'z' -> {} // between characters
        case 'd', 'D', 's', 'S', 'w', 'W', 't', 'n', 'r' -> unknown();
        case 'x' -> {
          at = regex.indexOf('}', at) + 1;
          unknown();
        }
        default -> literal(character);
      }
    }

    private void set() {
      at += regex.startsWith("^", at) ? 1 : 0;
      at++; // the first is one of the set, whatever it is
      if (regex.charAt(at - 1) == '\\') {
        at++;
      }
      while (regex.charAt(at) != ']') {
        at += regex.charAt(at) == '\\' ? 2 : 1;
      }
      at++;
      unknown();
    }

    private void group() {
      offer(run());
      if (skip('?')) {
        while (regex.charAt(at) != ':' && regex.charAt(at) != ')') {
          at++;
        }
        at += regex.charAt(at) == ':' ? 1 : 0;
      }
      Set<String> words = alternatives();
      skip(')');
      if (!isOptionalNext()) {
        offer(words);
      }
      quantifier();
    }

    /** What may stand there is not known, or may be missing: a word ends. */
    private void unknown() {
      quantifier();
      offer(run());
    }

    private boolean isOptionalNext() {
      return at < regex.length()
          && (regex.charAt(at) == '?' || regex.charAt(at) == '*' || regex.startsWith("{0", at));
    }

    private boolean quantifier() {
      boolean found = skip('?') || skip('*') || skip('+');
      if (!found && regex.startsWith("{", at)) {
        at = regex.indexOf('}', at) + 1;
        found = true;
      }
      if (found) {
        skip('?');
      }
      return found;
    }

    private Set<String> run() {
      Set<String> words = run.length() < LEAST ? Set.of() : Set.of(run.toString());
      run.setLength(0);
      return words;
    }

    private void offer(Set<String> words) {
      if (shortest(words) > shortest(best)) {
        best = words;
      }
    }

    private static int shortest(Set<String> words) {
      return words.stream().mapToInt(String::length).min().orElse(0);
    }
  }
}
