package dev.drover.alert;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A body that was read, and is to be stored.
 *
 * @param delivery the id under which it is kept: storing it again under the same id does nothing
 * @param receivedAt to the microsecond
 */
public record Receipt(
    UUID delivery, AlertSource sender, Instant receivedAt, AlertmanagerBody body) {
  /** One alert for each identity. */
  Collection<Alert> alerts() {
    return EpisodeRules.oneOfEach(body.alerts());
  }

  /** Whether it can open runs; what only ends episodes takes work away. */
  boolean fires() {
    return body.alerts().stream().anyMatch(alert -> alert.status() == AlertStatus.FIRING);
  }

  /** Kept now, and to be stored later. */
  IntakeResult spooled() {
    return new IntakeResult(
        sender.project(),
        delivery,
        Map.of(AlertOutcome.SPOOLED, body.size()),
        List.of(),
        List.of(),
        List.of());
  }
}
