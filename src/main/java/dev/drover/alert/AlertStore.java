package dev.drover.alert;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.RunId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where alerts, and the runs that they open, are made durable. Each writing method is one
 * transaction; the decision is made inside it, while what it is about is locked.
 *
 * <p>Every method throws {@link IntakeUnavailable} if the store can't do it now.
 */
public interface AlertStore {
  /**
   * Locks the identities in their order, has their fate decided, and writes it; tells the runs
   * whose alerts are over by that.
   *
   * @param decide gets what is known of what is involved; called at most once
   * @return empty if a delivery of the decided id is stored already
   * @throws UnknownProject if the source's project does not exist
   */
  Optional<Written<Intake>> receive(
      AlertSource source, AlertmanagerBody body, Involved involved, Function<Known, Intake> decide);

  /**
   * Has the episodes of a delivery that are open and wanted by no workflow matched again.
   *
   * @param owner the server that will carry the runs forward; empty where any may take them
   * @param match called at most once, inside the transaction
   * @return empty if there is no such delivery
   */
  Optional<Written<Matches>> replay(
      ProjectName project, UUID delivery, Optional<UUID> owner, Function<Unmatched, Matches> match);

  /** The project's episodes, newest first: those older than {@code after}, if it is given. */
  List<Episode> episodes(
      ProjectName project, @Nullable EpisodeState state, int limit, @Nullable UUID after);

  /** The project's deliveries, newest first: those older than {@code after}, if it is given. */
  List<Delivery> deliveries(
      ProjectName project, DeliveryFilter filter, int limit, @Nullable UUID after);

  /**
   * What was decided, and is durable now.
   *
   * @param opened the runs that were really opened: those whose key no earlier run had
   */
  record Written<T>(T decided, Set<RunId> opened) {}

  /**
   * What a delivery is about.
   *
   * @param identities of its alerts, and of its group if that can have a cooldown
   * @param cooling the workflows whose cooldowns matter
   */
  record Involved(List<String> identities, List<WorkflowName> cooling) {
    public Involved {
      identities = List.copyOf(identities);
      cooling = List.copyOf(cooling);
    }
  }

  /** What is known of that; nothing of what was never seen. */
  record Known(
      Map<String, IdentityState> identities, Map<Cooldowns.Key, Cooldowns.Cooldown> cooldowns) {}

  /** Which deliveries to list. */
  enum DeliveryFilter {
    ALL,
    /** Those with an episode that no workflow wanted, open or over. */
    UNMATCHED,
    /** Those with an alert that could not be read. */
    UNREADABLE
  }

  /**
   * What of a delivery is still to be matched.
   *
   * @param body its text as received
   */
  record Unmatched(String body, List<Episode> episodes) {
    public Unmatched {
      episodes = List.copyOf(episodes);
    }
  }
}
