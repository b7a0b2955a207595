package dev.drover.alert;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a body says of its alerts as a group. Only told to workflows, never relied on: receivers
 * share group keys, and a truncated group's status can lie.
 *
 * @param receiver as its author named it; what is missing here is empty
 */
public record AlertGroup(
    String receiver,
    String key,
    Map<String, String> labels,
    Map<String, String> commonLabels,
    Map<String, String> commonAnnotations,
    String externalUrl) {
  public AlertGroup {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    commonLabels = Collections.unmodifiableMap(new LinkedHashMap<>(commonLabels));
    commonAnnotations = Collections.unmodifiableMap(new LinkedHashMap<>(commonAnnotations));
  }

  /** As expressions see it. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("receiver", receiver);
    json.put("key", key);
    json.put("labels", labels);
    json.put("commonLabels", commonLabels);
    json.put("commonAnnotations", commonAnnotations);
    json.put("externalURL", externalUrl);
    return Collections.unmodifiableMap(json);
  }
}
