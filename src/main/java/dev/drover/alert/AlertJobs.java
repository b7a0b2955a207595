package dev.drover.alert;

import dev.drover.name.ProjectName;
import dev.drover.run.DeployedWorkflow;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Does what is due to stored alerts. To be called every second or so, by any number of servers.
 *
 * <p>Every method throws {@link IntakeUnavailable} if the store can't do it now; what it did until
 * then stays done.
 */
public final class AlertJobs {
  // So that one call ends even if more becomes due all the time.
  private static final int BATCHES = 50;

  private final AlertUpkeep upkeep;
  private final Function<ProjectName, ? extends Collection<DeployedWorkflow>> deployed;
  private final Supplier<UUID> ids;
  private final Clock clock;
  private final Duration expireAfter;
  private final IntakeTraces traces;

  /**
   * Wires the jobs.
   *
   * @param deployed a project's workflows that are in force
   * @param ids UUIDs version 7, ascending
   * @param expireAfter for how long an episode stays open that is not seen again
   * @param traces says where the runs that they open are to be in traces
   */
  public AlertJobs(
      AlertUpkeep upkeep,
      Function<ProjectName, ? extends Collection<DeployedWorkflow>> deployed,
      Supplier<UUID> ids,
      Clock clock,
      Duration expireAfter,
      IntakeTraces traces) {
    this.upkeep = upkeep;
    this.deployed = deployed;
    this.ids = ids;
    this.clock = clock;
    this.expireAfter = expireAfter;
    this.traces = traces;
  }

  /** Ends the cooldowns that are over, and returns how many runs that opened. */
  public int endCooldowns() {
    int runs = 0;
    for (int i = 0; i < BATCHES; i++) {
      AlertUpkeep.Ended ended = upkeep.endCooldowns(clock.instant(), this::match);
      runs += ended.runs();
      if (ended.cooldowns() == 0) {
        break;
      }
    }
    return runs;
  }

  /**
   * Ends the episodes whose resolve never came, and returns how many.
   *
   * @param listener hears of them, some at a time
   */
  public int expire(IntakeListener listener) {
    int expired = 0;
    for (int i = 0; i < BATCHES; i++) {
      Map<ProjectName, Integer> some =
          upkeep.expire(clock.instant().minus(expireAfter), clock.instant());
      some.forEach((project, n) -> listener.alerts(project, AlertOutcome.EXPIRED, n));
      expired += some.values().stream().mapToInt(n -> n).sum();
      if (some.isEmpty()) {
        break;
      }
    }
    return expired;
  }

  /** The workflow as it is now decides: it may no longer want the alert. */
  private Optional<Matches> match(AlertUpkeep.CooledDown ended) {
    List<DeployedWorkflow> workflow =
        deployed.apply(ended.project()).stream()
            .filter(w -> w.workflow().name().equals(ended.workflow()))
            .toList();
    if (workflow.isEmpty()) {
      return Optional.empty();
    }
    Matches matches =
        TriggerMatcher.match(
            workflow,
            AlertmanagerBody.storedGroup(ended.body()),
            ended.episodes().stream().map(FiringAlert::again).toList(),
            Cooldowns.NONE,
            ids);
    return Optional.of(traces.under(Optional.empty(), matches));
  }
}
