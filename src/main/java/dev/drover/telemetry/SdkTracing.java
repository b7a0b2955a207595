package dev.drover.telemetry;

import dev.drover.run.RunId;
import dev.drover.run.RunTrace;
import dev.drover.run.SpanIds;
import dev.drover.run.TraceParent;
import dev.drover.run.Tracing;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import java.util.Optional;

/**
 * Places of runs as the SDK has it. Whether a run's trace is recorded is decided once, when it is
 * opened, by the sampler or with the request that opens it: all servers and agents keep to that.
 */
final class SdkTracing implements Tracing {
  private final Sampler sampler;

  SdkTracing(Sampler sampler) {
    this.sampler = sampler;
  }

  @Override
  public Optional<TraceParent> current() {
    SpanContext span = Span.current().getSpanContext();
    return span.isValid()
        ? Optional.of(new TraceParent(span.getTraceId(), span.getSpanId(), span.isSampled()))
        : Optional.empty();
  }

  @Override
  public Optional<RunTrace> own(RunId run, Optional<TraceParent> link) {
    SamplingDecision decision =
        sampler
            .shouldSample(
                Context.root(),
                SpanIds.trace(run),
                "run",
                SpanKind.INTERNAL,
                Attributes.empty(),
                List.of())
            .getDecision();
    return Optional.of(RunTrace.own(run, decision == SamplingDecision.RECORD_AND_SAMPLE, link));
  }
}
