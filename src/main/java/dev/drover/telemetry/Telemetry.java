package dev.drover.telemetry;

import dev.drover.alert.IntakeTraces;
import dev.drover.run.RunListener;
import dev.drover.run.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenTelemetry, as its standard settings have it ({@link TelemetryOptions}). If they ask for
 * nothing there is none: no thread, no connection, and nothing on the way of a run.
 */
public final class Telemetry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
  private static final String SCOPE = "dev.drover";
  private static final AttributeKey<String> NAME = AttributeKey.stringKey("service.name");

  /** What is not sent by then is given up when the server stops. */
  private static final long LAST_SECONDS = 3;

  private final @Nullable OpenTelemetrySdk sdk;
  private final Presets presets;
  private final boolean traces;
  private final boolean logs;

  private Telemetry(@Nullable OpenTelemetrySdk sdk, Presets presets, TelemetryOptions options) {
    this.sdk = sdk;
    this.presets = presets;
    this.traces = options.areTracesOn();
    this.logs = options.areLogsOn();
  }

  /** The settings ask for something that there is not. */
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The cause is not kept: it may quote a header, and there may be a token in that. */
    Unusable(ConfigurationException cause, TelemetryOptions options) {
      super(
          "OpenTelemetry can't be set up as its settings (OTEL_*) say: "
              + options.masked(words(cause)));
    }

    private static String words(Throwable thrown) {
      Throwable cause = thrown.getCause();
      String message = String.valueOf(thrown.getMessage());
      return cause == null ? message : message + ": " + cause.getMessage();
    }
  }

  /**
   * Starts what the settings ask for.
   *
   * @throws Unusable if they can't be followed
   */
  public static Telemetry start(TelemetryOptions options) {
    Presets presets = new Presets();
    if (!options.isAnythingOn()) {
      return new Telemetry(null, presets, options);
    }
    AutoConfiguredOpenTelemetrySdkBuilder builder =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook()
            .addPropertiesCustomizer(config -> options.all())
            .addResourceCustomizer((resource, config) -> resource(resource))
            .addTracerProviderCustomizer((provider, config) -> provider.setIdGenerator(presets))
            .addSamplerCustomizer((sampler, config) -> presets.around(sampler))
            .addSpanExporterCustomizer(
                (exporter, config) ->
                    new SpanSender(exporter, new ExportWarnings("traces", System::nanoTime)))
            .addLogRecordExporterCustomizer(
                (exporter, config) ->
                    new LogSender(exporter, new ExportWarnings("logs", System::nanoTime)));
    try {
      OpenTelemetrySdk sdk = builder.build().getOpenTelemetrySdk();
      LOG.atInfo()
          .addKeyValue("traces", options.traces())
          .addKeyValue("logs", options.logs())
          .addKeyValue("metrics", options.metrics())
          .log("OpenTelemetry is on");
      return new Telemetry(sdk, presets, options);
    } catch (ConfigurationException e) {
      throw new Unusable(e, options);
    }
  }

  /** What the settings say of the server, and beside it what is known. */
  private static Resource resource(Resource said) {
    String name = said.getAttribute(NAME);
    Resource known =
        Resource.create(
            Attributes.builder()
                .put("service.instance.id", UUID.randomUUID().toString())
                .put("service.version", version())
                .build());
    Resource all = known.merge(said);
    return name == null || name.startsWith("unknown_service")
        ? all.merge(Resource.create(Attributes.of(NAME, "drover")))
        : all;
  }

  private static String version() {
    String version = Telemetry.class.getPackage().getImplementationVersion();
    return version == null ? "source" : version;
  }

  /** The API of what was set up; one that does nothing if nothing was. */
  public OpenTelemetry api() {
    return sdk == null ? OpenTelemetry.noop() : sdk;
  }

  /** Whether spans are made. */
  public boolean hasTraces() {
    return traces;
  }

  /** Whether log records are sent. */
  public boolean hasLogs() {
    return logs;
  }

  /** Where runs are to be in traces. */
  public Tracing tracing() {
    return traces ? new SdkTracing(sampler()) : Tracing.OFF;
  }

  private Sampler sampler() {
    return sdk == null ? Sampler.alwaysOff() : sdk.getSdkTracerProvider().getSampler();
  }

  /** Where the runs of deliveries are to be in traces. */
  public IntakeTraces intake() {
    return traces ? new IntakeTraces(tracing(), new IntakeSpans(spans())) : IntakeTraces.OFF;
  }

  /** Makes spans of what the listener hears, which hears it in their context. */
  public RunListener around(RunListener listener) {
    return traces ? new RunTraces(spans(), listener) : listener;
  }

  private PastSpans spans() {
    return new PastSpans(api().getTracer(SCOPE, version()), presets);
  }

  /** Makes spans of requests. */
  public RequestSpans requests() {
    return new RequestSpans(api().getTracer(SCOPE, version()));
  }

  /** Has Camel make spans of routes that are added from now on. */
  public void trace(CamelContext camel) {
    if (!traces) {
      return;
    }
    camel.getRegistry().bind("tracer", Tracer.class, api().getTracer(SpanSender.CAMEL));
    camel
        .getRegistry()
        .bind(
            "propagators",
            ContextPropagators.class,
            ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
    new RouteTracer().init(camel);
  }

  /** Threads on which what was traced before leaves nothing to what comes then. */
  public ExecutorService clean(ExecutorService threads) {
    return traces ? Context.root().wrap(threads) : threads;
  }

  /** A task that is done in the context in which it was made. */
  public Runnable carried(Runnable task) {
    return traces ? Context.current().wrap(task) : task;
  }

  @Override
  public void close() {
    Optional.ofNullable(sdk).ifPresent(s -> s.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS));
  }
}
