package dev.drover.alert;

import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * An alert of a delivery that fires, with its open episode.
 *
 * @param isNew whether it may open runs: this delivery opened its episode, or it is replayed
 */
public record FiringAlert(UUID episode, Alert alert, boolean isNew) {
  /** Of an open episode that may open runs once more, as it was last seen. */
  static FiringAlert again(Episode episode) {
    return new FiringAlert(episode.id(), episode.alert(), true);
  }

  /** As expressions see it. */
  Map<String, Object> toJson() {
    String generator = alert.generatorUrl();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("labels", alert.labels());
    json.put("annotations", alert.annotations());
    json.put("startsAt", DateTimeFormatter.ISO_INSTANT.format(alert.startsAt()));
    json.put("status", alert.status().word());
    json.put("fingerprint", alert.identity());
    json.put("generatorURL", generator == null ? "" : generator);
    json.put("episode", episode.toString());
    return Collections.unmodifiableMap(json);
  }
}
