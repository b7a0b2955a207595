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

  public Problem {
    Objects.requireNonNull(file);
    Objects.requireNonNull(position);
    Objects.requireNonNull(path);
    Objects.requireNonNull(message);
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
