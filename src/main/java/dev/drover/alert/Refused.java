package dev.drover.alert;

import dev.drover.name.WorkflowName;
import java.util.Map;

/** A workflow that wanted an alert and could not be opened by it; the reason is for its author. */
public record Refused(WorkflowName workflow, String reason) {
  /** As JSON. */
  public Map<String, Object> toJson() {
    return Map.of("workflow", workflow.value(), "reason", reason);
  }
}
