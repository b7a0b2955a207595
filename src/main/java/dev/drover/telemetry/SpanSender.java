package dev.drover.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Takes out of Camel's spans what may be of the data that passes a route, before they leave the
 * server: messages of exceptions, addresses that are made of data, texts of log steps.
 */
final class SpanSender implements SpanExporter {
  /** What Camel's spans are of. */
  static final String CAMEL = "dev.drover.camel";

  private static final Set<String> KEPT =
      Set.of(
          "component",
          "op",
          "url.scheme",
          "http.method",
          "http.status_code",
          "error",
          RouteTracer.ROUTE.getKey());

  private final SpanExporter exporter;
  private final ExportWarnings warnings;

  SpanSender(SpanExporter exporter, ExportWarnings warnings) {
    this.exporter = exporter;
    this.warnings = warnings;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    List<SpanData> clean = new ArrayList<>(spans.size());
    for (SpanData span : spans) {
      boolean isCamels = span.getInstrumentationScopeInfo().getName().equals(CAMEL);
      clean.add(isCamels ? new Clean(span) : span);
    }
    return warnings.watch(exporter.export(clean), clean.size());
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  private static final class Clean extends DelegatingSpanData {
    private final Attributes attributes;

    Clean(SpanData span) {
      super(span);
      AttributesBuilder kept = Attributes.builder();
      span.getAttributes()
          .forEach(
              (key, value) -> {
                if (KEPT.contains(key.getKey())) {
                  kept.put(AttributeKey.stringKey(key.getKey()), String.valueOf(value));
                }
              });
      this.attributes = kept.build();
    }

    @Override
    public Attributes getAttributes() {
      return attributes;
    }

    @Override
    public int getTotalAttributeCount() {
      return attributes.size();
    }

    @Override
    public List<EventData> getEvents() {
      return List.of();
    }

    @Override
    public int getTotalRecordedEvents() {
      return 0;
    }
  }
}
