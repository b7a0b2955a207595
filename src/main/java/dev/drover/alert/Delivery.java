package dev.drover.alert;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A body that was accepted, as the journal has it.
 *
 * @param alerts how many alerts it held, readable or not
 * @param outcomes how many of them had which outcome, by {@link AlertOutcome#word}
 * @param unreadable the alerts that could not be read: index, reason and raw text of each
 * @param refused the workflows that could not be opened: name and reason of each
 * @param replayable how many of its alerts still fire and are wanted by no workflow
 */
public record Delivery(
    UUID id,
    String source,
    String receiver,
    Instant receivedAt,
    int alerts,
    Map<String, Object> outcomes,
    List<@Nullable Object> unreadable,
    List<@Nullable Object> refused,
    int replayable) {
  /** As the API shows it. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id.toString());
    json.put("source", source);
    json.put("receiver", receiver);
    json.put("receivedAt", DateTimeFormatter.ISO_INSTANT.format(receivedAt));
    json.put("alerts", (long) alerts);
    json.put("outcomes", outcomes);
    json.put("unreadable", unreadable);
    json.put("refused", refused);
    json.put("replayable", (long) replayable);
    return json;
  }
}
