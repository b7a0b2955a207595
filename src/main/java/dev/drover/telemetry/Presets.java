package dev.drover.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets spans have ids that were known before, and be recorded because that was decided before. All
 * other spans get random ids, and are sampled as the SDK is told to.
 */
final class Presets implements IdGenerator {
  private final IdGenerator others = IdGenerator.random();

  @SuppressWarnings("ThreadLocalUsage") // there is one of it in a server, and none is static
  private final ThreadLocal<@Nullable Ids> preset = new ThreadLocal<>();

  private record Ids(String trace, String span) {}

  /** Starts a span that is recorded, with these ids; the trace's counts if it has no parent. */
  Span start(SpanBuilder span, String traceId, String spanId) {
    preset.set(new Ids(traceId, spanId));
    try {
      return span.startSpan();
    } finally {
      preset.remove();
    }
  }

  @Override
  public String generateSpanId() {
    Ids ids = preset.get();
    return ids == null ? others.generateSpanId() : ids.span;
  }

  @Override
  public String generateTraceId() {
    Ids ids = preset.get();
    return ids == null ? others.generateTraceId() : ids.trace;
  }

  /** The sampler of spans whose sampling is not decided yet. */
  Sampler around(Sampler sampler) {
    return new Decided(sampler);
  }

  private final class Decided implements Sampler {
    private final Sampler others;

    Decided(Sampler others) {
      this.others = others;
    }

    @Override
    public SamplingResult shouldSample(
        Context parent,
        String traceId,
        String name,
        SpanKind kind,
        Attributes attributes,
        List<LinkData> links) {
      return preset.get() == null
          ? others.shouldSample(parent, traceId, name, kind, attributes, links)
          : SamplingResult.recordAndSample();
    }

    @Override
    public String getDescription() {
      return others.getDescription();
    }
  }
}
