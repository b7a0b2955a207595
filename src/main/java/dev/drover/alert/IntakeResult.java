package dev.drover.alert;

import dev.drover.run.RunRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What became of a delivery, after it was stored, or kept in the spool.
 *
 * @param outcomes how many alerts had which outcome; only outcomes that occurred
 * @param runs the runs that were really opened, in the order of their ids
 */
public record IntakeResult(
    UUID delivery,
    Map<AlertOutcome, Integer> outcomes,
    List<RunRequest> runs,
    List<Refused> refused) {
  public IntakeResult {
    runs = List.copyOf(runs);
    refused = List.copyOf(refused);
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
