package dev.drover.alert;

import dev.drover.run.DeployedWorkflow;
import dev.drover.run.RunId;
import dev.drover.run.RunRequest;
import dev.drover.workflow.Inputs;
import dev.drover.workflow.Trigger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
  private final List<FiringAlert> firing;
  private final Supplier<UUID> ids;
  private final Map<String, Object> groupJson;
  private final List<RunRequest> runs = new ArrayList<>();
  private final Set<UUID> matched = new HashSet<>();
  private final List<Refused> refused = new ArrayList<>();

  private TriggerMatcher(AlertGroup group, List<FiringAlert> firing, Supplier<UUID> ids) {

    this.firing = firing;
    this.ids = ids;
    this.groupJson = group.toJson();
  }

  /** Matches a delivery's firing alerts; {@code ids} gives the ids of runs, in ascending order. */
  public static Matches match(
      Collection<DeployedWorkflow> workflows,
      AlertGroup group,
      List<FiringAlert> firing,
      Supplier<UUID> ids) {
    TriggerMatcher matcher = new TriggerMatcher(group, firing, ids);
    workflows.forEach(matcher::open);
    return new Matches(matcher.runs, matcher.matched, matcher.refused);
  }

  private void open(DeployedWorkflow deployed) {
    List<FiringAlert> single = new ArrayList<>();
    List<FiringAlert> grouped = new ArrayList<>();
    for (FiringAlert candidate : firing) {
      Trigger.Per per = perOf(deployed, candidate).orElse(null);
      if (per == Trigger.Per.GROUP) {
        grouped.add(candidate);
      } else if (per == Trigger.Per.ALERT && candidate.isNew()) {
        single.add(candidate);
      }
    }
    List<UUID> fresh =
        grouped.stream().filter(FiringAlert::isNew).map(FiringAlert::episode).toList();
    if (single.isEmpty() && fresh.isEmpty()) {
      return;
    }
    Inputs declared = deployed.workflow().inputs();
    Map<String, Object> inputs = declared.complete(Map.of());
    List<String> faults = declared.faults(inputs);
    if (!faults.isEmpty()) {
      String reason =
          "an alert gives no inputs, and without them: "
              + String.join("; ", faults)
              + "; give each input a default";
      refused.add(new Refused(deployed.workflow().name(), reason));
      return;
    }
    single.forEach(alert -> openForAlert(deployed, alert, inputs));
    if (!fresh.isEmpty()) {
      openForGroup(deployed, grouped, fresh, inputs);
    }
  }

  private static Optional<Trigger.Per> perOf(DeployedWorkflow deployed, FiringAlert candidate) {
    for (Trigger trigger : deployed.workflow().triggers()) {
      if (trigger instanceof Trigger.Alert wanted && wanted.matches(candidate.alert().labels())) {
        return Optional.of(wanted.per());
      }
    }
    return Optional.empty();
  }

  private void openForAlert(
      DeployedWorkflow deployed, FiringAlert alert, Map<String, Object> inputs) {
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("type", "alert");
    trigger.put("alert", alert.toJson());
    trigger.put("group", groupJson);
    request(
        deployed, "alert/" + deployed.workflow().name() + "/" + alert.episode(), trigger, inputs);
    matched.add(alert.episode());
  }

  private void openForGroup(
      DeployedWorkflow deployed,
      List<FiringAlert> alerts,
      List<UUID> fresh,
      Map<String, Object> inputs) {
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("type", "alert");
    trigger.put("alerts", alerts.stream().map(FiringAlert::toJson).toList());
    trigger.put("group", groupJson);
    String key = AlertIdentity.hash(fresh.stream().map(UUID::toString).sorted().toList());
    request(deployed, "group/" + deployed.workflow().name() + "/" + key, trigger, inputs);
    matched.addAll(fresh);
  }

  private void request(
      DeployedWorkflow deployed,
      String dedupeKey,
      Map<String, Object> trigger,
      Map<String, Object> inputs) {
    runs.add(
        new RunRequest(
            new RunId(ids.get()),
            deployed.project(),
            deployed.workflow().name(),
            deployed.version(),
            dedupeKey,
            trigger,
            inputs));
  }
}
