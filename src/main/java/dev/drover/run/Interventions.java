package dev.drover.run;

import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people do to runs. Each deed is written together with who did it. It is durable when it is
 * answered; whoever carries the run hears of it then. All methods block on the database.
 */
public interface Interventions {
  /** Has a run stopped. One that has not begun ends at once. */
  Result cancel(ProjectName project, RunId run, Optional<String> by, Optional<String> reason);

  /** Answers a node that waits for an approval. The first answer counts. */
  Result decide(ProjectName project, RunId run, NodeId node, Verdict verdict);

  /**
   * Opens a run that repeats the one that {@link RunRequest#rerunOf} names, which must have ended.
   *
   * @param kept nodes whose outcomes, and those of whose items, it begins with
   */
  Result rerun(RunRequest request, List<NodeId> kept, Deed deed);

  /** Notes what was done otherwise. */
  void note(ProjectName project, Deed deed);

  /**
   * A person's answer.
   *
   * @param by who gave it
   */
  record Verdict(boolean approved, String by, Optional<String> comment) {}

  /**
   * What is written about a deed.
   *
   * @param by who did it; empty: nobody said
   * @param action a word, such as {@code pause}
   * @param subject what it was done to
   * @param detail JSON values
   */
  record Deed(Optional<String> by, String action, String subject, Map<String, ?> detail) {}

  /** What came of it. */
  sealed interface Result {
    /**
     * It is done.
     *
     * @param run which it was done to, or which was opened
     * @param state of the run, just behind it
     */
    record Done(RunEvent.Subject run, RunState state) implements Result {}

    /** There is no such run in the project. */
    record Unknown() implements Result {}

    /**
     * It can't be done as things are.
     *
     * @param more JSON values for programs
     */
    record Refused(String why, Map<String, Object> more) implements Result {}
  }
}
