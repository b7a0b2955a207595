package dev.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.RunId;
import dev.drover.run.VersionId;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sent by OpenTelemetry's exporter over HTTP, and decoded from the protocol's own messages. */
class OtlpLogsIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private final LogEvents log = new LogEvents();
  private final List<LogRecord> received = new CopyOnWriteArrayList<>();
  private HttpServer receiver;
  private OpenTelemetrySdk telemetry;

  @BeforeEach
  void start() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/v1/logs", this::receive);
    receiver.start();
    Map<String, String> settings =
        Map.of(
            "otel.logs.exporter", "otlp",
            "otel.traces.exporter", "none",
            "otel.metrics.exporter", "none",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.exporter.otlp.endpoint", "http://127.0.0.1:" + receiver.getAddress().getPort());
    telemetry =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook()
            .addPropertiesSupplier(() -> settings)
            .build()
            .getOpenTelemetrySdk();
  }

  @AfterEach
  void stop() {
    telemetry.close();
    receiver.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      ExportLogsServiceRequest.parseFrom(exchange.getRequestBody()).getResourceLogsList().stream()
          .flatMap(resource -> resource.getScopeLogsList().stream())
          .forEach(scope -> received.addAll(scope.getLogRecordsList()));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Test
  void aLineIsARecordWithItsFieldsInTheTraceOfItsRun() {
    RunId run = RunId.of("01975a0e-0000-7000-8000-000000000001");
    VersionId version = new VersionId(ProjectName.DEFAULT, new WorkflowName("fix"), 3);
    try (OtlpLogs logs = OtlpLogs.install(log.context(), telemetry)) {
      assertThat(logs).isNotNull();
      log.event(
          line ->
              line.addKeyValue("run", run)
                  .addKeyValue("workflow", version)
                  .addKeyValue("causes", List.of("a", "b"))
                  .addKeyValue("trace_id", TRACE)
                  .addKeyValue("span_id", SPAN)
                  .setCause(new IllegalStateException("outer", new IOException("inner"))),
          "Node failed");
    }
    log.event(line -> line, "after it was closed");
    flush();
    assertThat(received).hasSize(1);
    LogRecord record = received.get(0);
    assertThat(record.getBody().getStringValue()).isEqualTo("Node failed");
    assertThat(record.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_WARN);
    assertThat(HexFormat.of().formatHex(record.getTraceId().toByteArray())).isEqualTo(TRACE);
    assertThat(HexFormat.of().formatHex(record.getSpanId().toByteArray())).isEqualTo(SPAN);
    assertThat(attributes(record))
        .containsEntry("run", run.toString())
        .containsEntry("project", "default")
        .containsEntry("workflow", "fix")
        .containsEntry("workflow_version", "3")
        .containsEntry("causes", "a, b")
        .containsEntry("exception.type", "java.lang.IllegalStateException")
        .containsEntry("exception.message", "outer")
        .extractingByKey("exception.stacktrace")
        .asString()
        .contains("Caused by: java.io.IOException: inner");
  }

  @Test
  void whatTheExporterLogsIsNotExported() {
    try (OtlpLogs logs = OtlpLogs.install(log.context(), telemetry)) {
      assertThat(logs).isNotNull();
      log.context()
          .getLogger("io.opentelemetry.exporter.internal.http.HttpExporter")
          .warn("Failed to export logs");
      log.event(line -> line, "ours");
    }
    flush();
    assertThat(received).extracting(r -> r.getBody().getStringValue()).containsExactly("ours");
  }

  private void flush() {
    telemetry.getSdkLoggerProvider().forceFlush().join(10, TimeUnit.SECONDS);
  }

  private static Map<String, String> attributes(LogRecord record) {
    Function<AnyValue, String> text =
        value -> value.hasIntValue() ? String.valueOf(value.getIntValue()) : value.getStringValue();
    return record.getAttributesList().stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                pair ->
                    pair.getValue().hasArrayValue()
                        ? pair.getValue().getArrayValue().getValuesList().stream()
                            .map(text)
                            .collect(Collectors.joining(", "))
                        : text.apply(pair.getValue())));
  }
}
