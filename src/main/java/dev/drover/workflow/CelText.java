package dev.drover.workflow;

import java.util.regex.Pattern;

/** Finds its way through CEL source by tokens, for those who must not look into its literals. */
final class CelText {
  private static final Pattern LITERAL_PREFIX = Pattern.compile("[rR]|[bB]|[rR][bB]|[bB][rR]");

  private CelText() {}

  /**
   * The index behind the token that begins at {@code start}: a string literal, a word or number, a
   * quoted identifier, a comment, or any other single character. What is not closed reaches to the
   * end of the text.
   */
  static int endOfToken(String text, int start) {
    char first = text.charAt(start);
    if (isQuote(first)) {
      return endOfLiteral(text, start, false);
    } else if (isWord(first)) {
      int end = endOfWord(text, start);
      String word = text.substring(start, end);
      boolean literal =
          end < text.length()
              && isQuote(text.charAt(end))
              && LITERAL_PREFIX.matcher(word).matches();
      return literal
          ? endOfLiteral(text, end, word.indexOf('r') >= 0 || word.indexOf('R') >= 0)
          : end;
    } else if (first == '`') {
      return behind(text, text.indexOf('`', start + 1), 1);
    } else if (text.startsWith("//", start)) {
      return behind(text, text.indexOf('\n', start), 0);
    }
    return start + 1;
  }

  static int endOfWord(String text, int start) {
    int end = start;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return end;
  }

  static int skipSpace(String text, int start) {
    int end = start;
    while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static int endOfLiteral(String text, int start, boolean raw) {
    String one = text.substring(start, start + 1);
    String quote = text.startsWith(one.repeat(3), start) ? one.repeat(3) : one;
    for (int i = start + quote.length(); i < text.length(); i++) {
      if (text.charAt(i) == '\\' && !raw) {
        i++;
      } else if (text.startsWith(quote, i)) {
        return i + quote.length();
      }
    }
    return text.length();
  }

  private static int behind(String text, int found, int length) {
    return found < 0 ? text.length() : found + length;
  }
}
