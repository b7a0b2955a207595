package dev.drover.agents.codereviewer;

import java.util.List;

/**
 * How a language writes comments and strings.
 *
 * @param line what begins a comment that ends with its line
 * @param wordStart whether that begins one only at the start of a word, as in shells
 * @param block what begins and ends a comment of several lines; empty: none
 * @param quotes what begins and ends a string; those of several characters and the backtick go on
 *     over line ends
 */
record Syntax(List<String> line, boolean wordStart, List<String> block, List<String> quotes) {
  static final Syntax C =
      new Syntax(List.of("//"), false, List.of("/*", "*/"), List.of("\"\"\"", "\"", "'"));
  static final Syntax SCRIPT =
      new Syntax(List.of("//"), false, List.of("/*", "*/"), List.of("\"", "'", "`"));
  static final Syntax PYTHON =
      new Syntax(List.of("#"), false, List.of(), List.of("\"\"\"", "'''", "\"", "'"));
  static final Syntax HASH = new Syntax(List.of("#"), true, List.of(), List.of("\"", "'"));
  static final Syntax SQL = new Syntax(List.of("--"), false, List.of("/*", "*/"), List.of("'"));
  static final Syntax XML = new Syntax(List.of(), false, List.of("<!--", "-->"), List.of());
  static final Syntax PLAIN = new Syntax(List.of(), false, List.of(), List.of());
}
