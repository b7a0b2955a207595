package dev.drover.alert;

import dev.drover.run.SpanIds;
import dev.drover.run.TraceParent;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A body that was read, and is to be stored.
 *
 * @param delivery the id under which it is kept: storing it again under the same id does nothing
 * @param receivedAt to the microsecond
 * @param trace the request's place in a trace, if it is traced
 */
public record Receipt(
    UUID delivery,
    AlertSource sender,
    Instant receivedAt,
    AlertmanagerBody body,
    Optional<TraceParent> trace) {
  /** The place of its intake: beneath the request that brought it, whenever that was. */
  Optional<TraceParent> intakeTrace() {
    return trace.map(request -> request.withSpan(SpanIds.intake(delivery)));
  }

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
