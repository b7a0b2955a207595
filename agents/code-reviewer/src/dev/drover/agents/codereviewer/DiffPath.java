package dev.drover.agents.codereviewer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Paths as diffs write them: behind a prefix, before a time stamp, quoted as in C by git. */
final class DiffPath {
  static final String NONE = "/dev/null";
  private static final String ESCAPES = "abtnvfr\"\\";
  private static final String MEANINGS = "\u0007\b\t\n\u000b\f\r\"\\";

  private DiffPath() {}

  /** What stands behind {@code ---} and {@code +++}, or in a header that holds one path only. */
  static String read(String written) {
    if (written.startsWith("\"")) {
      return unquote(written, end(written));
    }
    int tab = written.indexOf('\t');
    return tab < 0 ? written : written.substring(0, tab);
  }

  /** The path that {@code diff --git a/x b/x} names, if both are the same but for the prefix. */
  static Optional<String> ofHeader(String both) {
    if (both.startsWith("\"")) {
      int end = end(both);
      return Optional.of(withoutPrefix(unquote(both, end)));
    }
    if (both.length() % 2 == 1) {
      int middle = both.length() / 2;
      String left = withoutPrefix(both.substring(0, middle));
      String right = withoutPrefix(both.substring(middle + 1));
      if (both.charAt(middle) == ' ' && left.equals(right)) {
        return Optional.of(left);
      }
    }
    return Optional.empty();
  }

  /** Without git's {@code a/} or {@code b/}, or the letters of its mnemonic prefixes. */
  static String withoutPrefix(String path) {
    boolean prefixed =
        path.length() > 2 && path.charAt(1) == '/' && "abciow".indexOf(path.charAt(0)) >= 0;
    return prefixed ? path.substring(2) : path;
  }

  /** Of two paths of a plain diff the one that both share: it compares folders, or a copy. */
  static String plain(String before, String after) {
    if (before.equals(NONE) || after.equals(NONE)) {
      return withoutPrefix(after.equals(NONE) ? before : after);
    }
    int left = before.indexOf('/') + 1;
    int right = after.indexOf('/') + 1;
    boolean folders =
        left > 0 && right > 0 && before.substring(left).equals(after.substring(right));
    return folders && left < before.length() ? after.substring(right) : after;
  }

  private static int end(String written) {
    for (int at = 1; at < written.length(); at++) {
      if (written.charAt(at) == '\\') {
        at++;
      } else if (written.charAt(at) == '"') {
        return at;
      }
    }
    return written.length();
  }

  private static String unquote(String written, int end) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int at = 1; at < end; at++) {
      char character = written.charAt(at);
      if (character == '\\' && at + 1 < end) {
        char next = written.charAt(++at);
        if (next >= '0' && next <= '3' && at + 2 < end) {
          bytes.write(octal(written.substring(at, at + 3)));
          at += 2;
        } else {
          int known = ESCAPES.indexOf(next);
          bytes.write(known < 0 ? next : MEANINGS.charAt(known));
        }
      } else {
        bytes.writeBytes(String.valueOf(character).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int octal(String digits) {
    return digits.matches("[0-3][0-7][0-7]") ? Integer.parseInt(digits, 8) : '?';
  }
}
