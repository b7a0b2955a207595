package dev.drover.alert;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * What has to be done to stored alerts as time passes. Each method is one short transaction about a
 * few of what is due; what another server works on is left to that.
 *
 * <p>Every method throws {@link IntakeUnavailable} if the store can't do it now.
 */
public interface AlertUpkeep {
  /**
   * Ends open episodes that were not seen since, and tells their runs.
   *
   * @return how many of which project; none: none is left to end now
   */
  Map<ProjectName, Integer> expire(Instant lastSeenBefore, Instant now);

  /**
   * Ends cooldowns, and opens runs for episodes that came meanwhile and still fire.
   *
   * <p>Each ends in a transaction of its own. One that can't be ended is put off, and keeps no
   * other.
   *
   * @param match called for each that has such episodes, inside the transaction; empty: this server
   *     does not have its workflow, so that one that does has to end it, unless it is retired
   */
  Ended endCooldowns(Instant now, Function<CooledDown, Optional<Matches>> match);

  /**
   * How many runs wait that have not started; the count stops at {@code most}. Those of paused
   * workflows wait for a person, and must not keep the others from being opened.
   */
  int queuedRuns(int most);

  /** Shows a delivery that had to be set aside; does nothing if it is shown already. */
  void quarantine(SetAside delivery);

  /** How many cooldowns ended (0: none is left to end now), and how many runs that opened. */
  record Ended(int cooldowns, int runs) {}

  /**
   * The end of a cooldown during which episodes came that still fire.
   *
   * @param body of the delivery that opened the newest of them, as received
   */
  record CooledDown(
      ProjectName project, WorkflowName workflow, List<Episode> episodes, String body) {
    public CooledDown {
      episodes = List.copyOf(episodes);
    }
  }

  /**
   * A delivery that was accepted and can't be stored.
   *
   * @param project empty if not even that could be read
   * @param subject says in words what it is
   */
  record SetAside(
      UUID id,
      Instant at,
      Optional<ProjectName> project,
      String subject,
      String reason,
      String raw) {}
}
