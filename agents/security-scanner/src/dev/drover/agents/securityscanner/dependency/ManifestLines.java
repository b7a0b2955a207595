package dev.drover.agents.securityscanner.dependency;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The lines of a text, one at a time. One that is longer than any that a person or a tool writes
 * comes as an empty one, so that no pattern runs away on it.
 */
record ManifestLines(String text) implements Iterable<String> {
  private static final int LONGEST = 2000;

  @Override
  public Iterator<String> iterator() {
    return new Iterator<>() {
      private int at;

      @Override
      public boolean hasNext() {
        return at <= text.length();
      }

      @Override
      public String next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        int newline = text.indexOf('\n', at);
        int end = newline < 0 ? text.length() : newline;
        String line = end - at > LONGEST ? "" : text.substring(at, end);
        at = end + 1;
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      }
    };
  }
}
