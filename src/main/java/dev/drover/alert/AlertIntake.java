package dev.drover.alert;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.workflow.Trigger;
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
import java.util.function.Predicate;
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
  private final IntakeTraces traces;

  /**
   * Wires an intake.
   *
   * @param deployed a project's workflows that are in force; asked once for each delivery
   * @param owner who will carry new runs forward, asked for each delivery
   * @param ids UUIDs version 7, ascending
   * @param traces says where its runs are to be in traces
   */
  public AlertIntake(
      AlertStore store,
      Function<ProjectName, ? extends Collection<DeployedWorkflow>> deployed,
      Supplier<Optional<UUID>> owner,
      Supplier<UUID> ids,
      Clock clock,
      IntakeTraces traces) {
    this.store = store;
    this.deployed = deployed;
    this.owner = owner;
    this.ids = ids;
    this.clock = clock;
    this.traces = traces;
  }

  /** The same with another store. */
  public AlertIntake into(AlertStore other) {
    return new AlertIntake(other, deployed, owner, ids, clock, traces);
  }

  /**
   * Reads a body that is received now, and stores nothing.
   *
   * @param source the credential or the webhook's path, see {@link AlertSource#name}
   * @throws RejectedBody if it is no alert notification
   */
  public Receipt read(ProjectName project, String source, byte[] body) throws RejectedBody {
    Instant receivedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
    AlertmanagerBody bound = AlertmanagerBody.read(body, receivedAt);
    return new Receipt(
        ids.get(), new AlertSource(project, source), receivedAt, bound, traces.current());
  }

  /**
   * Stores a body.
   *
   * @return without outcomes, if it was stored already
   * @throws IntakeUnavailable if it could not be stored; it should be sent again
   * @throws UnknownProject if there is no such project
   */
  public IntakeResult store(Receipt receipt) {
    Collection<DeployedWorkflow> workflows = deployed.apply(receipt.sender().project());
    Collection<Alert> alerts = receipt.alerts();
    Instant begun = clock.instant();
    return store
        .receive(
            receipt.sender(),
            receipt.body(),
            involved(receipt, alerts, workflows),
            known -> decide(receipt, alerts, workflows, known))
        .map(written -> result(receipt.sender().project(), written))
        .map(result -> traces.stored(receipt, result, begun, clock.instant()))
        .orElseGet(() -> IntakeResult.nothing(receipt.sender().project(), receipt.delivery()));
  }

  /** Reads and stores a body, see {@link #read} and {@link #store}. */
  public IntakeResult receive(ProjectName project, String source, byte[] body) throws RejectedBody {
    return store(read(project, source, body));
  }

  /**
   * Lets the workflows that are in force now have those alerts of a delivery that still fire and
   * that none wanted. The alerts are as last seen; a group's run gets only them. No cooldown keeps
   * what a person asks for from being opened.
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
                    project,
                    delivery,
                    Map.of(),
                    List.of(),
                    opened(written.decided(), written.opened()),
                    written.decided().refused()));
  }

  /** A group's cooldown is locked as an alert's is, by an identity. */
  private static AlertStore.Involved involved(
      Receipt receipt, Collection<Alert> alerts, Collection<DeployedWorkflow> workflows) {
    List<String> identities = new ArrayList<>(alerts.stream().map(Alert::identity).toList());
    List<WorkflowName> cooling =
        workflows.stream()
            .filter(workflow -> hasTrigger(workflow, alert -> alert.cooldown().isPresent()))
            .map(workflow -> workflow.workflow().name())
            .toList();
    boolean groupsCool =
        workflows.stream()
            .anyMatch(
                workflow ->
                    hasTrigger(
                        workflow,
                        alert -> alert.cooldown().isPresent() && alert.per() == Trigger.Per.GROUP));
    if (groupsCool && receipt.fires()) {
      identities.add(receipt.body().group().identity());
    }
    return new AlertStore.Involved(identities, cooling);
  }

  private static boolean hasTrigger(DeployedWorkflow workflow, Predicate<Trigger.Alert> wanted) {
    return workflow.workflow().triggers().stream()
        .anyMatch(trigger -> trigger instanceof Trigger.Alert alert && wanted.test(alert));
  }

  private Intake decide(
      Receipt receipt,
      Collection<Alert> alerts,
      Collection<DeployedWorkflow> workflows,
      AlertStore.Known known) {
    List<EpisodeChange> changes = new ArrayList<>(alerts.size());
    List<FiringAlert> firing = new ArrayList<>();
    for (Alert alert : alerts) {
      IdentityState state = known.identities().getOrDefault(alert.identity(), IdentityState.UNSEEN);
      EpisodeChange change = EpisodeRules.decide(state, alert, receipt.receivedAt(), ids);
      changes.add(change);
      if (change instanceof EpisodeChange.Fires fires) {
        firing.add(new FiringAlert(fires.episode(), alert, true));
      } else if (change instanceof EpisodeChange.Repeats repeats) {
        firing.add(new FiringAlert(repeats.episode(), alert, false));
      }
    }
    Cooldowns cooldowns = new Cooldowns(known.cooldowns(), receipt.receivedAt());
    AlertGroup group = receipt.body().group();
    Matches matches =
        traces.under(
            receipt.intakeTrace(), TriggerMatcher.match(workflows, group, firing, cooldowns, ids));
    Map<AlertOutcome, Integer> outcomes = count(receipt.body(), changes, matches);
    return new Intake(
        receipt.delivery(), receipt.receivedAt(), changes, outcomes, matches, owner.get());
  }

  private static Map<AlertOutcome, Integer> count(
      AlertmanagerBody body, List<EpisodeChange> changes, Matches matches) {
    Set<UUID> opening = matches.opening();
    Set<UUID> matched = matches.matched();
    Map<AlertOutcome, Integer> counts = new EnumMap<>(AlertOutcome.class);
    for (EpisodeChange change : changes) {
      AlertOutcome outcome = change.outcome();
      if (change instanceof EpisodeChange.Fires fires && !opening.contains(fires.episode())) {
        boolean wanted = matched.contains(fires.episode());
        outcome = wanted ? AlertOutcome.SUPPRESSED : AlertOutcome.UNMATCHED;
      }
      counts.merge(outcome, 1, Integer::sum);
    }
    // Each identity was decided once; further alerts of it in the same body repeat it.
    int repeated = body.alerts().size() - changes.size();
    counts.merge(AlertOutcome.DUPLICATE, repeated, Integer::sum);
    counts.merge(AlertOutcome.UNREADABLE, body.unreadable().size(), Integer::sum);
    counts.values().removeIf(n -> n == 0);
    return counts;
  }

  private Matches rematch(ProjectName project, AlertStore.Unmatched unmatched) {
    return traces.under(
        traces.current(),
        TriggerMatcher.match(
            deployed.apply(project),
            AlertmanagerBody.storedGroup(unmatched.body()),
            unmatched.episodes().stream().map(FiringAlert::again).toList(),
            Cooldowns.NONE,
            ids));
  }

  private static IntakeResult result(ProjectName project, AlertStore.Written<Intake> written) {
    Intake intake = written.decided();
    return new IntakeResult(
        project,
        intake.delivery(),
        intake.outcomes(),
        intake.fired(),
        opened(intake.matches(), written.opened()),
        intake.matches().refused());
  }

  private static List<RunRequest> opened(Matches matches, Set<RunId> opened) {
    return matches.runs().stream().filter(run -> opened.contains(run.id())).toList();
  }
}
