package dev.drover.chaos;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An alert as a notification tells of it.
 *
 * @param endsAt empty: it fires
 */
record SentAlert(
    String fingerprint, Map<String, String> labels, Instant startsAt, Optional<Instant> endsAt) {
  boolean fires() {
    return endsAt.isEmpty();
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("status", fires() ? "firing" : "resolved");
    json.put("labels", labels);
    json.put("annotations", Map.of());
    json.put("startsAt", startsAt.toString());
    json.put("endsAt", endsAt.map(Instant::toString).orElse("0001-01-01T00:00:00Z"));
    json.put("fingerprint", fingerprint);
    return json;
  }
}
