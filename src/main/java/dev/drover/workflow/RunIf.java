package dev.drover.workflow;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** When a node runs, judged by the states of its dependencies. */
public enum RunIf {
  ALL_SUCCEEDED("all-succeeded"),
  NONE_FAILED("none-failed"),
  ANY_SUCCEEDED("any-succeeded"),
  ANY_FAILED("any-failed"),
  ALL_DONE("all-done");

  private final String word;

  RunIf(String word) {
    this.word = word;
  }

  /** The word that authors write. */
  public String word() {
    return word;
  }

  /** The rule that an author's word means. */
  public static Optional<RunIf> of(String word) {
    return Arrays.stream(values()).filter(r -> r.word.equals(word)).findFirst();
  }

  /** Every word that an author can write. */
  public static List<String> words() {
    return Arrays.stream(values()).map(RunIf::word).toList();
  }
}
