package dev.drover.json;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compiles RE2 expressions of bounded size. Matching takes linear time in any case, but counted
 * repetitions are compiled by writing them out: {@code (((a{999}){999}){999}} would fill any heap,
 * so that its size is estimated before it is compiled.
 */
public final class Regex {
  private static final int MAX_SIZE = 5_000;
  private static final int MAX_LENGTH = 5_000;

  private final String text;
  private final Deque<Group> open = new ArrayDeque<>();
  private int at;

  private Regex(String text) {
    this.text = text;
  }

  /** What has been seen of a group: its size, and that of the part which a count would repeat. */
  private static final class Group {
    long size;
    long last;

    void add(long part) {
      size = Math.min(size + part, Integer.MAX_VALUE);
      last = part;
    }

    void repeat(long times) {
      size = Math.min(size + last * Math.max(0, times - 1), Integer.MAX_VALUE);
      last = Math.min(last * Math.max(1, times), Integer.MAX_VALUE);
    }
  }

  /**
   * The compiled expression.
   *
   * @throws PatternSyntaxException if it is no RE2 expression, or too large a one
   */
  public static Pattern compile(String regex) {
    if (regex.length() > MAX_LENGTH || new Regex(regex).estimate() > MAX_SIZE) {
      String shown = regex.length() > 100 ? regex.substring(0, 100) + "..." : regex;
      throw new PatternSyntaxException("too large when its repetitions are written out", shown);
    }
    return Pattern.compile(regex);
  }

  private long estimate() {
    open.push(new Group());
    while (at < text.length()) {
      step(text.charAt(at));
    }
    while (open.size() > 1) {
      close();
    }
    return open.element().size;
  }

  private void step(char c) {
    switch (c) {
      case '\\' -> {
        escape();
        open.element().add(1);
      }
      case '[' -> {
        at = endOfClass();
        open.element().add(1);
      }
      case '(' -> {
        at++;
        open.push(new Group());
      }
      case ')' -> {
        at++;
        close();
      }
      case '{' -> count();
      default -> {
        at++;
        if (c == '*' || c == '+' || c == '?') {
          open.element().size++;
        } else {
          open.element().add(1);
        }
      }
    }
  }

  private void close() {
    if (open.size() == 1) {
      return; // a bracket too many: the compiler will say so
    }
    long size = open.pop().size + 2;
    open.element().add(size);
  }

  /** Braces belong to {@code \p{Greek}} and {@code \x{10FFFF}}, and anything to {@code \Q...\E}. */
  private void escape() {
    char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    at += 2;
    if (kind == 'Q') {
      int end = text.indexOf("\\E", at);
      int next = end < 0 ? text.length() : end + 2;
      open.element().add(next - at);
      at = next;
    } else if ((kind == 'p' || kind == 'P' || kind == 'x') && text.startsWith("{", at)) {
      int end = text.indexOf('}', at);
      at = end < 0 ? text.length() : end + 1;
    }
  }

  private int endOfClass() {
    int i = at + (text.startsWith("^", at + 1) ? 2 : 1);
    i += text.startsWith("]", i) ? 1 : 0; // the first bracket is one of the characters
    while (i < text.length() && text.charAt(i) != ']') {
      if (text.startsWith("[:", i) && text.indexOf(":]", i + 2) >= 0) {
        i = text.indexOf(":]", i + 2) + 2;
      } else {
        i += text.charAt(i) == '\\' ? 2 : 1;
      }
    }
    return Math.min(text.length(), i + 1);
  }

  private void count() {
    int end = text.indexOf('}', at);
    String inside = end < 0 ? "" : text.substring(at + 1, end);
    int comma = inside.indexOf(',');
    String largest =
        comma < 0 || comma == inside.length() - 1 ? inside : inside.substring(comma + 1);
    String digits = largest.endsWith(",") ? largest.substring(0, largest.length() - 1) : largest;
    if (digits.isEmpty() || digits.length() > 4 || !digits.chars().allMatch(Character::isDigit)) {
      at++;
      open.element().add(1); // braces that count nothing stand for themselves
      return;
    }
    at = end + 1;
    open.element().repeat(Long.parseLong(digits) + (largest.endsWith(",") ? 1 : 0));
  }
}
