package dev.drover.agents.kit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A file pattern as in .gitignore: {@code *} and {@code ?} within a name, {@code **} across
 * folders; without a slash it is matched against the file's name alone. Patterns come from callers,
 * so matching takes time proportional to pattern times path, never more.
 */
public final class Glob {
  // Pattern elements as characters that no text uses.
  private static final char STAR = '\uE000';
  private static final char ANYTHING = '\uE001';
  private static final char ONE = '\uE002';

  /** Any number of whole folders, with {@link #IN_FOLDER} after it as the state within one. */
  private static final char FOLDERS = '\uE003';

  private static final char IN_FOLDER = '\uE004';

  private final String tokens;
  private final boolean nameOnly;

  private Glob(String tokens, boolean nameOnly) {
    this.tokens = tokens;
    this.nameOnly = nameOnly;
  }

  /** A pattern without a slash is about the file's name alone. */
  public static Glob of(String pattern) {
    String inTree = pattern.startsWith("/") ? pattern.substring(1) : pattern;
    String whole = inTree.endsWith("/") ? inTree + "**" : inTree;
    return new Glob(tokens(whole), pattern.indexOf('/') < 0);
  }

  /** All of them, in order. */
  public static List<Glob> all(List<String> patterns) {
    List<Glob> globs = new ArrayList<>(patterns.size());
    for (String pattern : patterns) {
      globs.add(of(pattern));
    }
    return List.copyOf(globs);
  }

  /** Whether one of them matches; none of none does. */
  public static boolean anyMatches(List<Glob> globs, String path) {
    for (Glob glob : globs) {
      if (glob.matches(path)) {
        return true;
      }
    }
    return false;
  }

  /** The path is relative and has forward slashes. */
  public boolean matches(String path) {
    String subject = nameOnly ? path.substring(path.lastIndexOf('/') + 1) : path;
    BitSet at = new BitSet(tokens.length() + 1);
    at.set(0);
    skipEmpty(at);
    for (int i = 0; i < subject.length() && !at.isEmpty(); i++) {
      at = step(at, subject.charAt(i));
    }
    return at.get(tokens.length());
  }

  private BitSet step(BitSet at, char c) {
    BitSet after = new BitSet(tokens.length() + 1);
    for (int p = at.nextSetBit(0); p >= 0 && p < tokens.length(); p = at.nextSetBit(p + 1)) {
      char token = tokens.charAt(p);
      if (token == FOLDERS && c != '/') {
        after.set(p + 1);
      } else if (token == IN_FOLDER) {
        after.set(c == '/' ? p - 1 : p);
      } else if (token == ANYTHING || (token == STAR && c != '/')) {
        after.set(p);
      } else if (token == c || (token == ONE && c != '/')) {
        after.set(p + 1);
      }
    }
    skipEmpty(after);
    return after;
  }

  /** Stars match nothing, too. */
  private void skipEmpty(BitSet at) {
    for (int p = at.nextSetBit(0); p >= 0 && p < tokens.length(); p = at.nextSetBit(p + 1)) {
      char token = tokens.charAt(p);
      if (token == STAR || token == ANYTHING) {
        at.set(p + 1);
      } else if (token == FOLDERS) {
        at.set(p + 2);
      }
    }
  }

  private static String tokens(String pattern) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      boolean atFolder = i == 0 || pattern.charAt(i - 1) == '/';
      if (atFolder && pattern.startsWith("**/", i)) {
        out.append(FOLDERS).append(IN_FOLDER);
        i += 2;
      } else if (pattern.startsWith("**", i)) {
        out.append(ANYTHING);
        i++;
      } else {
        out.append(c == '*' ? STAR : c == '?' ? ONE : c);
      }
    }
    return out.toString();
  }
}
