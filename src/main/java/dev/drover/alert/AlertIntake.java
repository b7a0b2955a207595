package dev.drover.alert;

import dev.drover.name.ProjectName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes deliveries in: binds the body, then in one transaction identifies its alerts, opens and
 * ends episodes, and queues the runs that workflows want for them. When it returns, all of that is
 * durable; when it throws, nothing is.
 */
public final class AlertIntake {
  private final AlertStore store;
  private final Function<ProjectName, ? extends Collection<DeployedWorkflow>> deployed;
  private final Supplier<Optional<UUID>> owner;
  private final Supplier<UUID> ids;
  private final Clock clock;

  /**
   * Wires an intake.
   *
   * @param deployed a project's workflows that are in force; asked inside the transaction
   * @param owner who will carry new runs forward, asked for each delivery
   * @param ids UUIDs version 7, ascending
   */
  public AlertIntake(
      AlertStore store,
      Function<ProjectName, ? extends Collection<DeployedWorkflow>> deployed,
      Supplier<Optional<UUID>> owner,
      Supplier<UUID> ids,
      Clock clock) {
    this.store = store;
    this.deployed = deployed;
    this.owner = owner;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Takes one body.
   *
   * @param source the credential or the webhook's path, see {@link AlertSource#name}
   * @throws RejectedBody if it is no alert notification; nothing is stored
   * @throws IntakeUnavailable if it could not be stored; it should be sent again
   * @throws UnknownProject if there is no such project
   */
  public IntakeResult receive(ProjectName project, String source, byte[] body) throws RejectedBody {
    AlertSource sender = new AlertSource(project, source);
    Instant receivedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
    AlertmanagerBody bound = AlertmanagerBody.read(body, receivedAt);
    Collection<Alert> alerts = EpisodeRules.oneOfEach(bound.alerts());
    AlertStore.Written<Intake> written =
        store.receive(
            sender,
            bound,
            alerts.stream().map(Alert::identity).toList(),
            known -> decide(project, bound, alerts, known, receivedAt));
    Intake intake = written.decided();
    return new IntakeResult(
        intake.delivery(),
        intake.outcomes(),
        opened(intake.matches(), written.opened()),
        intake.matches().refused());
  }

  /**
   * Lets the workflows that are in force now have those alerts of a delivery that still fire and
   * that none wanted. The alerts are as last seen; a group's run gets only them.
   *
   * @return the runs that it opened; empty if there is no such delivery
   * @throws IntakeUnavailable if the store can't do it now
   */
  public Optional<IntakeResult> replay(ProjectName project, UUID delivery) {
    return store
        .replay(project, delivery, owner.get(), unmatched -> rematch(project, unmatched))
        .map(
            written ->
                new IntakeResult(
                    delivery,
                    Map.of(),
                    opened(written.decided(), written.opened()),
                    written.decided().refused()));
  }

  private Intake decide(
      ProjectName project,
      AlertmanagerBody body,
      Collection<Alert> alerts,
      Map<String, IdentityState> known,
      Instant receivedAt) {
    List<EpisodeChange> changes = new ArrayList<>(alerts.size());
    List<FiringAlert> firing = new ArrayList<>();
    UUID delivery = ids.get();
    for (Alert alert : alerts) {
      IdentityState state = known.getOrDefault(alert.identity(), IdentityState.UNSEEN);
      EpisodeChange change = EpisodeRules.decide(state, alert, receivedAt, ids);
      changes.add(change);
      if (change instanceof EpisodeChange.Opens opens) {
        firing.add(new FiringAlert(opens.episode(), alert, true));
      } else if (change instanceof EpisodeChange.Repeats repeats) {
        firing.add(new FiringAlert(repeats.episode(), alert, false));
      }
    }
    Matches matches = TriggerMatcher.match(deployed.apply(project), body.group(), firing, ids);
    Map<AlertOutcome, Integer> outcomes = count(body, changes, matches.matched());
    return new Intake(delivery, receivedAt, changes, outcomes, matches, owner.get());
  }

  private static Map<AlertOutcome, Integer> count(
      AlertmanagerBody body, List<EpisodeChange> changes, Set<UUID> matched) {
    Map<AlertOutcome, Integer> counts = new EnumMap<>(AlertOutcome.class);
    for (EpisodeChange change : changes) {
      boolean unwanted =
          change instanceof EpisodeChange.Opens opens && !matched.contains(opens.episode());
      counts.merge(unwanted ? AlertOutcome.UNMATCHED : change.outcome(), 1, Integer::sum);
    }
    // Each identity was decided once; further alerts of it in the same body repeat it.
    int repeated = body.alerts().size() - changes.size();
    counts.merge(AlertOutcome.DUPLICATE, repeated, Integer::sum);
    counts.merge(AlertOutcome.UNREADABLE, body.unreadable().size(), Integer::sum);
    counts.values().removeIf(n -> n == 0);
    return counts;
  }

  private Matches rematch(ProjectName project, AlertStore.Unmatched unmatched) {
    List<FiringAlert> firing =
        unmatched.episodes().stream()
            .map(episode -> new FiringAlert(episode.id(), episode.alert(), true))
            .toList();
    return TriggerMatcher.match(deployed.apply(project), groupOf(unmatched.body()), firing, ids);
  }

  private AlertGroup groupOf(String body) {
    try {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      return AlertmanagerBody.read(bytes, clock.instant()).group();
    } catch (RejectedBody e) {
      throw new IllegalStateException("a stored body was accepted once", e);
    }
  }

  private static List<RunRequest> opened(Matches matches, Set<RunId> opened) {
    return matches.runs().stream().filter(run -> opened.contains(run.id())).toList();
  }
}
