package dev.drover.telemetry;

import java.util.HashMap;
import java.util.Map;

/**
 * The settings of OpenTelemetry, with Drover's own defaults: nothing is sent before an endpoint or
 * an exporter is named, metrics are for Prometheus to fetch, and OTLP is spoken over HTTP.
 *
 * @param all by their names, such as {@code otel.traces.exporter}
 */
public record TelemetryOptions(Map<String, String> all) {
  private static final String NONE = "none";
  private static final String TRACES = "otel.traces.exporter";
  private static final String LOGS = "otel.logs.exporter";
  private static final String METRICS = "otel.metrics.exporter";

  /**
   * Adds the defaults to what is set.
   *
   * @param all by their names, such as {@code otel.traces.exporter}
   */
  public TelemetryOptions {
    Map<String, String> known = new HashMap<>(all);
    known.values().removeIf(String::isBlank);
    boolean toTraces =
        known.containsKey("otel.exporter.otlp.endpoint")
            || known.containsKey("otel.exporter.otlp.traces.endpoint");
    boolean toLogs = known.containsKey("otel.exporter.otlp.logs.endpoint");
    known.putIfAbsent(TRACES, toTraces ? "otlp" : NONE);
    known.putIfAbsent(LOGS, toLogs ? "otlp" : NONE);
    known.putIfAbsent(METRICS, NONE);
    known.putIfAbsent("otel.exporter.otlp.protocol", "http/protobuf");
    known.putIfAbsent("otel.propagators", "tracecontext");
    known.putIfAbsent("otel.bsp.max.queue.size", "16384");
    all = Map.copyOf(known);
  }

  /** From what follows {@code otel.} in the names. */
  public static TelemetryOptions of(Map<String, String> options) {
    Map<String, String> all = new HashMap<>();
    options.forEach((name, value) -> all.put("otel." + name, value));
    return new TelemetryOptions(all);
  }

  private String of(String name) {
    return all.getOrDefault(name, NONE);
  }

  String traces() {
    return of(TRACES);
  }

  String logs() {
    return of(LOGS);
  }

  String metrics() {
    return of(METRICS);
  }

  private boolean isDisabled() {
    return of("otel.sdk.disabled").equalsIgnoreCase("true");
  }

  boolean areTracesOn() {
    return !isDisabled() && !traces().equals(NONE);
  }

  boolean areLogsOn() {
    return !isDisabled() && !logs().equals(NONE);
  }

  boolean isAnythingOn() {
    return areTracesOn() || areLogsOn() || (!isDisabled() && !metrics().equals(NONE));
  }

  /** A text without what may be a secret: tokens are sent in headers. */
  String masked(String text) {
    String masked = text;
    for (Map.Entry<String, String> option : all.entrySet()) {
      if (option.getKey().endsWith("headers")) {
        masked = masked.replace(option.getValue(), "***");
      }
    }
    return masked;
  }
}
