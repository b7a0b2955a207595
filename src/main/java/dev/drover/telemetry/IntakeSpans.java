package dev.drover.telemetry;

import dev.drover.alert.IntakeResult;
import dev.drover.alert.IntakeTraces;
import dev.drover.alert.Receipt;
import dev.drover.run.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.List;
import java.util.Optional;

/** Makes spans of deliveries that are stored, beneath the requests that brought them. */
final class IntakeSpans implements IntakeTraces.Listener {
  private static final AttributeKey<String> DELIVERY = AttributeKey.stringKey("drover.delivery");
  private static final AttributeKey<Long> ALERTS = AttributeKey.longKey("drover.alerts");
  private static final AttributeKey<Long> RUNS = AttributeKey.longKey("drover.runs");

  private final PastSpans spans;

  IntakeSpans(PastSpans spans) {
    this.spans = spans;
  }

  @Override
  public void stored(
      TraceParent intake, Receipt receipt, IntakeResult result, IntakeTraces.Times times) {
    spans.tell(
        new PastSpan(
            "intake",
            intake,
            receipt.trace().map(TraceParent::spanId),
            List.of(),
            Attributes.builder()
                .put(RunTraces.PROJECT, receipt.sender().project().value())
                .put(DELIVERY, receipt.delivery().toString())
                .put(ALERTS, (long) receipt.body().size())
                .put(RUNS, (long) result.runs().size())
                .build(),
            Optional.empty(),
            times.begun(),
            times.ended()));
  }
}
