package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What agents have cost, by days in UTC, counted on the day on which an attempt ended. It is kept
 * for a year, however soon runs are deleted. All methods block on the database.
 */
public interface CostQueries {
  /** The day that it is now. */
  LocalDate today();

  /** Everything together. */
  CostView total(Filter filter);

  /** By one of its sides: days newest first, names in their order, from behind {@code after} on. */
  List<CostView> by(Side side, Filter filter, int limit, Optional<String> after);

  /**
   * Which costs are wanted.
   *
   * @param from the first day
   * @param to the last day
   */
  record Filter(
      ProjectName project, Optional<WorkflowName> workflow, LocalDate from, LocalDate to) {}

  /** What costs can be told apart by. */
  enum Side {
    /** Whose runs the attempts were of. */
    WORKFLOW,
    /** Who ran. */
    AGENT,
    /** When they ended. */
    DAY
  }

  /**
   * What some attempts have cost together.
   *
   * @param key the workflow, agent or day that it is about; empty: everything
   */
  record CostView(String key, long attempts, Usage usage) {}
}
