package dev.drover.alert;

import dev.drover.name.WorkflowName;
import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.run.Slot;
import dev.drover.workflow.ExpressionFailure;
import dev.drover.workflow.Inputs;
import dev.drover.workflow.Trigger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Which runs the alerts of one delivery open: for each workflow, one run an episode, or one for the
 * delivery where its trigger is per group. The first trigger of a workflow that matches an alert
 * decides, so that an alert never opens two runs of one workflow. Pure.
 */
public final class TriggerMatcher {
  private final AlertGroup group;
  private final List<FiringAlert> firing;
  private final Cooldowns cooldowns;
  private final Supplier<UUID> ids;
  private final Map<String, Object> groupJson;
  private final List<WantedRun> wanted = new ArrayList<>();
  private final List<Suppressed> suppressed = new ArrayList<>();
  private final Set<Refused> refused = new LinkedHashSet<>();

  private TriggerMatcher(
      AlertGroup group, List<FiringAlert> firing, Cooldowns cooldowns, Supplier<UUID> ids) {
    this.group = group;
    this.firing = firing;
    this.cooldowns = cooldowns;
    this.ids = ids;
    this.groupJson = group.toJson();
  }

  /** Matches a delivery's firing alerts; {@code ids} gives the ids of runs, in ascending order. */
  public static Matches match(
      Collection<DeployedWorkflow> workflows,
      AlertGroup group,
      List<FiringAlert> firing,
      Cooldowns cooldowns,
      Supplier<UUID> ids) {
    TriggerMatcher matcher = new TriggerMatcher(group, firing, cooldowns, ids);
    workflows.forEach(matcher::open);
    return new Matches(matcher.wanted, matcher.suppressed, List.copyOf(matcher.refused));
  }

  private void open(DeployedWorkflow deployed) {
    List<Candidate> single = new ArrayList<>();
    List<Candidate> grouped = new ArrayList<>();
    for (FiringAlert alert : firing) {
      triggerOf(deployed, alert)
          .map(trigger -> new Candidate(alert, trigger))
          .ifPresent(c -> (c.trigger.per() == Trigger.Per.GROUP ? grouped : single).add(c));
    }
    List<Candidate> opening = single.stream().filter(c -> mayOpen(deployed, c)).toList();
    List<UUID> fresh = freshOf(deployed, grouped);
    if (opening.isEmpty() && fresh.isEmpty()) {
      return;
    }
    inputsOf(deployed)
        .ifPresent(
            inputs -> {
              opening.forEach(c -> openForAlert(deployed, c, inputs));
              if (!fresh.isEmpty()) {
                openForGroup(deployed, grouped, fresh, inputs);
              }
            });
  }

  private static Optional<Trigger.Alert> triggerOf(DeployedWorkflow deployed, FiringAlert alert) {
    for (Trigger trigger : deployed.workflow().triggers()) {
      if (trigger instanceof Trigger.Alert wanted && wanted.matches(alert.alert().labels())) {
        return Optional.of(wanted);
      }
    }
    return Optional.empty();
  }

  private boolean mayOpen(DeployedWorkflow deployed, Candidate candidate) {
    return candidate.isNew()
        && !suppress(
            deployed, candidate, candidate.alert.alert().identity(), List.of(candidate.episode()));
  }

  /** The new episodes of a group that open a run. */
  private List<UUID> freshOf(DeployedWorkflow deployed, List<Candidate> grouped) {
    List<Candidate> fresh = grouped.stream().filter(Candidate::isNew).toList();
    List<UUID> episodes = fresh.stream().map(Candidate::episode).toList();
    boolean held = !fresh.isEmpty() && suppress(deployed, fresh.get(0), group.identity(), episodes);
    return held ? List.of() : episodes;
  }

  private boolean suppress(
      DeployedWorkflow deployed, Candidate first, String identity, List<UUID> episodes) {
    WorkflowName workflow = deployed.workflow().name();
    Cooldowns.Key key = new Cooldowns.Key(workflow, identity);
    boolean more = first.trigger.per() == Trigger.Per.GROUP;
    Optional<Cooldowns.Cooldown> holding = cooldowns.holding(first.trigger, key);
    holding.ifPresent(c -> suppressed.add(new Suppressed(key, c.until(), episodes, more)));
    return holding.isPresent();
  }

  private Optional<Map<String, Object>> inputsOf(DeployedWorkflow deployed) {
    Inputs declared = deployed.workflow().inputs();
    Map<String, Object> inputs = declared.complete(Map.of());
    List<String> faults = declared.faults(inputs);
    if (faults.isEmpty()) {
      return Optional.of(inputs);
    }
    String reason =
        "an alert gives no inputs, and without them: "
            + String.join("; ", faults)
            + "; give each input a default";
    refused.add(new Refused(deployed.workflow().name(), reason));
    return Optional.empty();
  }

  private void openForAlert(
      DeployedWorkflow deployed, Candidate candidate, Map<String, Object> inputs) {
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("type", "alert");
    trigger.put("alert", candidate.alert.toJson());
    trigger.put("group", groupJson);
    String key = "alert/" + deployed.workflow().name() + "/" + candidate.episode();
    String identity = candidate.alert.alert().identity();
    request(deployed, key, trigger, inputs)
        .map(run -> wanted(run, List.of(candidate), candidate.trigger, identity))
        .ifPresent(wanted::add);
  }

  private void openForGroup(
      DeployedWorkflow deployed,
      List<Candidate> alerts,
      List<UUID> fresh,
      Map<String, Object> inputs) {
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("type", "alert");
    trigger.put("alerts", alerts.stream().map(c -> c.alert.toJson()).toList());
    trigger.put("group", groupJson);
    String hash = AlertIdentity.hash(fresh.stream().map(UUID::toString).sorted().toList());
    String key = "group/" + deployed.workflow().name() + "/" + hash;
    Candidate first = alerts.stream().filter(Candidate::isNew).findFirst().orElseThrow();
    request(deployed, key, trigger, inputs)
        .map(run -> wanted(run, alerts, first.trigger, group.identity()))
        .ifPresent(wanted::add);
  }

  private static WantedRun wanted(
      RunRequest run, List<Candidate> alerts, Trigger.Alert trigger, String identity) {
    return new WantedRun(
        run,
        alerts.stream().map(Candidate::episode).toList(),
        trigger.onResolved(),
        trigger.cooldown().map(length -> new WantedRun.Cooling(identity, length)));
  }

  private Optional<RunRequest> request(
      DeployedWorkflow deployed,
      String dedupeKey,
      Map<String, Object> trigger,
      Map<String, Object> inputs) {
    WorkflowName name = deployed.workflow().name();
    Optional<Slot> slot;
    try {
      slot = Slot.of(deployed.workflow(), deployed.project(), trigger, inputs);
    } catch (ExpressionFailure e) {
      refused.add(new Refused(name, "concurrency.key can't be computed: " + e.getMessage()));
      return Optional.empty();
    }
    return Optional.of(
        new RunRequest(
                new RunId(ids.get()),
                deployed.project(),
                name,
                deployed.version(),
                dedupeKey,
                trigger,
                inputs)
            .holding(slot));
  }

  /** An alert, and the trigger that wants it. */
  private record Candidate(FiringAlert alert, Trigger.Alert trigger) {
    boolean isNew() {
      return alert.isNew();
    }

    UUID episode() {
      return alert.episode();
    }
  }
}
