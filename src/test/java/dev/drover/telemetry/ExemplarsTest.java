package dev.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunState;
import dev.drover.run.VersionId;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** From a bucket to the trace of something that fell into it. */
class ExemplarsTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(
          PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, new SpanExemplars());
  private final Meters meters = new Meters(registry);
  private final RunMetrics runs = new RunMetrics(meters, new AgentMetrics(meters));

  @Test
  void aRunThatIsTracedIsAnExemplarOfItsBucket() {
    Context.root().with(span(TraceFlags.getSampled())).wrap(() -> runs.on(ended())).run();

    assertThat(buckets())
        .containsPattern(
            "drover_run_duration_seconds_bucket\\{.*le=\"2.5\"} 1 # \\{span_id=\"%s\",trace_id=\"%s\"} 2.0"
                .formatted(SPAN, TRACE));
  }

  @Test
  void onesThatAreNotRecordedLeadNowhere() {
    runs.on(ended());
    Context.root().with(span(TraceFlags.getDefault())).wrap(() -> runs.on(ended())).run();

    assertThat(buckets()).contains("le=\"2.5\"} 2").doesNotContain("trace_id");
  }

  @Test
  void timesOfMakingAreNotShown() {
    runs.on(ended());

    assertThat(registry.scrape(OPEN_METRICS)).doesNotContain("_created").endsWith("# EOF\n");
  }

  private String buckets() {
    return registry.scrape(OPEN_METRICS);
  }

  private static Span span(TraceFlags flags) {
    return Span.wrap(SpanContext.create(TRACE, SPAN, flags, TraceState.getDefault()));
  }

  private static RunEvent ended() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    return new RunEvent.Ended(
        new RunEvent.Subject(
            new RunId(UUID.randomUUID()),
            new VersionId(ProjectName.DEFAULT, new WorkflowName("w"), 1),
            Optional.empty()),
        RunState.SUCCEEDED,
        "",
        true,
        now,
        now.plus(Duration.ofSeconds(2)));
  }
}
