package dev.drover.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of {@code trigger} that runs of a workflow can have, by the kinds of its triggers. */
final class TriggerData {
  /** What every field may hold; an empty list where it is not fixed. */
  static final Map<String, List<String>> FIELDS = fields();

  private TriggerData() {}

  private static Map<String, List<String>> fields() {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    fields.put("type", List.of());
    fields.put(
        "alert",
        List.of(
            "labels",
            "annotations",
            "startsAt",
            "status",
            "fingerprint",
            "generatorURL",
            "episode"));
    fields.put("alerts", List.of());
    fields.put(
        "group",
        List.of("receiver", "key", "labels", "commonLabels", "commonAnnotations", "externalURL"));
    fields.put("webhook", List.of("path", "body", "query"));
    fields.put("schedule", List.of("cron", "zone", "at", "missed"));
    fields.put("workflow", List.of("run", "workflow", "node"));
    fields.put("manual", List.of());
    return Collections.unmodifiableMap(fields);
  }

  /** The fields that at least one of the triggers fills. */
  static Set<String> fieldsOf(List<Trigger> triggers) {
    Set<String> fields = new LinkedHashSet<>(List.of("type", "manual", "workflow"));
    for (Trigger trigger : triggers) {
      if (trigger instanceof Trigger.Alert alert) {
        fields.add(alert.per() == Trigger.Per.GROUP ? "alerts" : "alert");
        fields.add("group");
      } else if (trigger instanceof Trigger.Webhook) {
        fields.add("webhook");
      } else if (trigger instanceof Trigger.Schedule) {
        fields.add("schedule");
      }
    }
    return fields;
  }

  /** The kind of trigger that fills a field, for hints. */
  static String filledBy(String field) {
    return switch (field) {
      case "alert" -> "an alert trigger with \"per: alert\"";
      case "alerts" -> "an alert trigger with \"per: group\"";
      case "group" -> "an alert trigger";
      default -> "a " + field + " trigger";
    };
  }
}
