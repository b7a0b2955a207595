package dev.drover.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One alert of a body, with all that was missing filled in by the rules.
 *
 * @param identity its fingerprint, or a hash of its labels: the same for each of its deliveries
 * @param startsAt to the microsecond; the time of receipt where the sender gave none
 * @param endsAt to the microsecond; null where the sender gave none
 */
public record Alert(
    String identity,
    AlertStatus status,
    Map<String, String> labels,
    Map<String, String> annotations,
    Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable String generatorUrl) {
  public Alert {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }
}
