package dev.drover.alert;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One continuous firing of one alert identity, as the journal has it.
 *
 * @param alert as it was last seen
 * @param firings the deliveries in which it fired; 0 where only its resolve was seen
 * @param matched whether any workflow wanted it
 * @param delivery the one that opened it
 */
public record Episode(
    UUID id,
    String source,
    String receiver,
    EpisodeState state,
    Alert alert,
    Instant openedAt,
    Instant lastSeenAt,
    int firings,
    boolean matched,
    UUID delivery) {
  /** As the API shows it. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id.toString());
    json.put("state", state.name());
    json.put("source", source);
    json.put("receiver", receiver);
    json.put("fingerprint", alert.identity());
    json.put("labels", alert.labels());
    json.put("annotations", alert.annotations());
    json.put("generatorURL", alert.generatorUrl());
    json.put("startsAt", text(alert.startsAt()));
    json.put("endsAt", text(alert.endsAt()));
    json.put("openedAt", text(openedAt));
    json.put("lastSeenAt", text(lastSeenAt));
    json.put("firings", (long) firings);
    json.put("matched", matched);
    json.put("delivery", delivery.toString());
    return json;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : DateTimeFormatter.ISO_INSTANT.format(time);
  }
}
