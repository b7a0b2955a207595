package dev.drover.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Leads from a metric to a trace: what is noted while a sampled span is current can become an
 * exemplar with its ids.
 */
public final class SpanExemplars implements io.prometheus.metrics.tracer.common.SpanContext {
  @Override
  public @Nullable String getCurrentTraceId() {
    SpanContext span = current();
    return span.isValid() ? span.getTraceId() : null;
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    SpanContext span = current();
    return span.isValid() ? span.getSpanId() : null;
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return current().isSampled();
  }

  /** Nothing asks spans for this. */
  @Override
  public void markCurrentSpanAsExemplar() {}

  private static SpanContext current() {
    return Span.current().getSpanContext();
  }
}
