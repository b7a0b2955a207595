package dev.drover.alert;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  /**
   * By what its cooldowns know it again; no alert's identity looks like it. Receivers share group
   * keys, and senders that give none may give labels.
   */
  String identity() {
    List<String> texts = new ArrayList<>(List.of(receiver, key));
    new TreeMap<>(labels)
        .forEach(
            (name, value) -> {
              texts.add(name);
              texts.add(value);
            });
    return "group/" + AlertIdentity.hash(texts);
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
