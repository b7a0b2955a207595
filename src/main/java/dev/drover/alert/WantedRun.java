package dev.drover.alert;

import dev.drover.run.RunRequest;
import dev.drover.run.RunTrace;
import dev.drover.workflow.Trigger.OnResolved;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A run that alerts ask for.
 *
 * @param episodes of all alerts that it sees: when none of them fires any more, its alert is over
 * @param cooldown what it starts, if its trigger has one
 */
public record WantedRun(
    RunRequest request, List<UUID> episodes, OnResolved onResolved, Optional<Cooling> cooldown) {
  public WantedRun {
    episodes = List.copyOf(episodes);
  }

  /** The same with the run's place in a trace. */
  WantedRun traced(Optional<RunTrace> place) {
    return new WantedRun(request.traced(place), episodes, onResolved, cooldown);
  }

  /** For how long an alert or a group, by its identity, opens no further run. */
  public record Cooling(String identity, Duration length) {}
}
