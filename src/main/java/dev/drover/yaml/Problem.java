package dev.drover.yaml;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong in a document, told so that its author can mend it: where (file, line, column,
 * and the path in the document such as {@code nodes.scan.dependsOn[0]}), what, and how to mend it.
 */
public record Problem(
    String file, Position position, String path, String message, @Nullable String hint) {

  /** In the order of the document. */
  public static final Comparator<Problem> BY_POSITION =
      Comparator.<Problem>comparingInt(p -> p.position.line())
          .thenComparingInt(p -> p.position.column());

  private static final int MAX_PATH = 500;
  private static final int MAX_TEXT = 2_000;

  /** Paths, messages and hints quote documents, which may have words as long as they like. */
  public Problem {
    Objects.requireNonNull(file);
    Objects.requireNonNull(position);
    path = cut(path, MAX_PATH);
    message = cut(message, MAX_TEXT);
    hint = hint == null ? null : cut(hint, MAX_TEXT);
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "...";
  }

  @Override
  public String toString() {
    String text = file + ":" + position + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    return hint == null ? text : text + "; " + hint;
  }

  /** All of them, a line each. */
  public static String lines(List<Problem> problems) {
    return String.join("\n", problems.stream().map(Problem::toString).toList());
  }
}
