package dev.drover.telemetry;

import dev.drover.run.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;

/**
 * Tells of spans when they are over. None is kept open in memory meanwhile: what is told survives
 * that a run is parked, that its server dies, and that another one takes it over.
 */
final class PastSpans {
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private final Tracer tracer;
  private final Presets presets;

  PastSpans(Tracer tracer, Presets presets) {
    this.tracer = tracer;
    this.presets = presets;
  }

  void tell(PastSpan past) {
    TraceParent place = past.place();
    if (!place.sampled()) {
      return;
    }
    SpanBuilder builder =
        tracer
            .spanBuilder(past.name())
            .setStartTimestamp(past.startedAt())
            .setAllAttributes(past.attributes())
            .setParent(past.parent().map(id -> at(place.withSpan(id))).orElseGet(Context::root));
    past.links().forEach(link -> builder.addLink(context(link)));
    Span span = presets.start(builder, place.traceId(), place.spanId());
    past.error()
        .ifPresent(type -> span.setAttribute(ERROR_TYPE, type).setStatus(StatusCode.ERROR, type));
    span.end(latest(past.startedAt(), past.endedAt()));
  }

  /** Clocks of several servers may differ by a little. */
  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** A context in which the span at a place is the current one. */
  static Context at(TraceParent place) {
    return Context.root().with(Span.wrap(context(place)));
  }

  /** The same for a span that somebody else has told us of. */
  static Context remote(TraceParent place) {
    SpanContext known = context(place);
    return Context.root()
        .with(
            Span.wrap(
                SpanContext.createFromRemoteParent(
                    known.getTraceId(),
                    known.getSpanId(),
                    known.getTraceFlags(),
                    known.getTraceState())));
  }

  private static SpanContext context(TraceParent place) {
    return SpanContext.create(
        place.traceId(),
        place.spanId(),
        place.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
        TraceState.getDefault());
  }
}
