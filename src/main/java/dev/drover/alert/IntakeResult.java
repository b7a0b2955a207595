package dev.drover.alert;

import dev.drover.name.ProjectName;
import dev.drover.run.RunRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What became of a delivery, after it was stored, or kept in the spool.
 *
 * @param outcomes how many alerts had which outcome; only outcomes that occurred
 * @param fired for how long those alerts had fired that it resolved, where that is known
 * @param runs the runs that were really opened, in the order of their ids
 */
public record IntakeResult(
    ProjectName project,
    UUID delivery,
    Map<AlertOutcome, Integer> outcomes,
    List<Duration> fired,
    List<RunRequest> runs,
    List<Refused> refused) {
  public IntakeResult {
    fired = List.copyOf(fired);
    runs = List.copyOf(runs);
    refused = List.copyOf(refused);
  }

  /** Nothing became of it, or nothing that is not known already. */
  static IntakeResult nothing(ProjectName project, UUID delivery) {
    return new IntakeResult(project, delivery, Map.of(), List.of(), List.of(), List.of());
  }

  /** Whether there is work now or later: the sender is answered 202, else 200. */
  public boolean hasQueuedWork() {
    return !runs.isEmpty() || outcomes.containsKey(AlertOutcome.SPOOLED);
  }

  /** How many alerts had an outcome. */
  public int count(AlertOutcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }
}
