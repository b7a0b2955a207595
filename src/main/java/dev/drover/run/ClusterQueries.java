package dev.drover.run;

import dev.drover.name.ProjectName;
import dev.drover.run.Journal.WorkflowKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What all servers of a database together have to do, as one look at it tells: for the gauges of
 * any of them.
 */
public interface ClusterQueries {
  /**
   * Blocks on the database, for some seconds at the most, and throws what it throws.
   *
   * @param timeouts of the versions whose runs are to be judged
   */
  View look(Map<VersionId, Duration> timeouts);

  /**
   * What was seen.
   *
   * @param runs that are not over
   * @param waits nodes that wait, by the word for what they wait for
   * @param episodes how many are open
   * @param spent today (UTC), by workflows whose agents cost anything
   */
  record View(
      List<Amount> runs,
      List<Amount> waits,
      Map<ProjectName, Long> episodes,
      Map<WorkflowKey, BigDecimal> spent,
      Engine engine) {
    public View {
      runs = List.copyOf(runs);
      waits = List.copyOf(waits);
      episodes = Map.copyOf(episodes);
      spent = Map.copyOf(spent);
    }
  }

  /**
   * How many of a project there are, and for how long the oldest of them.
   *
   * @param kind the state of runs, what nodes wait for
   */
  record Amount(ProjectName project, String kind, long count, Duration oldest) {}

  /**
   * What concerns no project.
   *
   * @param servers with a live lease
   * @param unowned runs that are RUNNING and whose server has none
   * @param overdue runs that should have been ended by their timeout a minute ago
   * @param timersDue timers whose time has come and that nobody has taken
   * @param timersLag how late the first of them is
   */
  record Engine(long servers, long unowned, long overdue, long timersDue, Duration timersLag) {}
}
