package dev.drover.workflow;

import dev.drover.yaml.Position;
import dev.drover.yaml.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the problems of one document: all of them, as long as a person could read them. */
final class Problems {
  private static final int MAX = 500;

  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private int dropped;

  Problems(String file, List<Problem> first) {
    this.file = file;
    first.forEach(this::add);
  }

  void report(Position at, String path, String message) {
    add(new Problem(file, at, path, message, null));
  }

  void report(Position at, String path, String message, @Nullable String hint) {
    add(new Problem(file, at, path, message, hint));
  }

  /** The hint is looked for only if the problem will be shown: looking may be costly. */
  void reportWith(Position at, String path, String message, Supplier<Optional<String>> hint) {
    if (problems.size() < MAX) {
      report(at, path, message, hint.get().orElse(null));
    } else {
      dropped++;
    }
  }

  private void add(Problem problem) {
    if (problems.size() < MAX) {
      problems.add(problem);
    } else {
      dropped++;
    }
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  int count() {
    return problems.size() + dropped;
  }

  /** In the order of the document. */
  List<Problem> inOrder() {
    List<Problem> sorted = new ArrayList<>(problems);
    sorted.sort(Problem.BY_POSITION);
    if (dropped > 0) {
      Position end = sorted.get(sorted.size() - 1).position();
      sorted.add(new Problem(file, end, "", "and " + dropped + " more problems", null));
    }
    return sorted;
  }
}
