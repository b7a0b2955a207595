package dev.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.drover.name.ProjectName;
import dev.drover.name.WorkflowName;
import dev.drover.run.RunEvent;
import dev.drover.run.RunId;
import dev.drover.run.RunListener;
import dev.drover.run.RunState;
import dev.drover.run.RunTrace;
import dev.drover.run.VersionId;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the standard settings switch on, and what a collector that is away costs. */
class TelemetryIT {
  private static final VersionId VERSION =
      new VersionId(new ProjectName("default"), new WorkflowName("w"), 1);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger ours = (Logger) LoggerFactory.getLogger(Telemetry.class.getPackageName());

  @BeforeEach
  void listen() {
    log.list = new CopyOnWriteArrayList<>();
    log.start();
    ours.setLevel(Level.INFO);
    ours.addAppender(log);
  }

  @AfterEach
  void ignore() {
    ours.detachAppender(log);
    ours.setLevel(null);
  }

  private static RunEvent ended(Telemetry telemetry) {
    RunId run = new RunId(UUID.randomUUID());
    Optional<RunTrace> trace = telemetry.tracing().own(run, Optional.empty());
    Instant now = Instant.now();
    return new RunEvent.Ended(
        new RunEvent.Subject(run, VERSION, trace), RunState.SUCCEEDED, "", true, now, now);
  }

  private static Telemetry to(String endpoint, String... more) {
    Map<String, String> options = new java.util.HashMap<>();
    options.put("exporter.otlp.endpoint", endpoint);
    options.put("bsp.schedule.delay", "20");
    options.put("java.exporter.otlp.retry.disabled", "true"); // it would go on for ten seconds
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return Telemetry.start(TelemetryOptions.of(options));
  }

  private long warnings() {
    return log.list.stream()
        .filter(line -> line.getMessage().startsWith("The collector of OpenTelemetry"))
        .count();
  }

  @Test
  void nothingIsThereThatNobodyAskedFor() {
    RunListener listener = event -> {};
    List<Map<String, String>> off =
        List.of(
            Map.of(),
            Map.of("traces.exporter", "none", "exporter.otlp.endpoint", "http://127.0.0.1:9"),
            Map.of("sdk.disabled", "true", "exporter.otlp.endpoint", "http://127.0.0.1:9"));
    for (Map<String, String> options : off) {
      try (Telemetry telemetry = Telemetry.start(TelemetryOptions.of(options))) {
        assertThat(telemetry.hasTraces()).isFalse();
        assertThat(telemetry.api()).isSameAs(OpenTelemetry.noop());
        assertThat(telemetry.around(listener)).isSameAs(listener);
        assertThat(telemetry.tracing().here(new RunId(UUID.randomUUID()))).isEmpty();
        Runnable task = () -> {};
        assertThat(telemetry.carried(task)).isSameAs(task);
      }
    }
    assertThat(log.list).isEmpty();
  }

  @Test
  void whatCannotBeFollowedIsSaid() {
    assertThatThrownBy(() -> to("http://127.0.0.1:9", "traces.exporter", "nonsense"))
        .isInstanceOf(Telemetry.Unusable.class)
        .hasMessageContaining("OTEL_*")
        .hasMessageContaining("otel.traces.exporter")
        .hasMessageContaining("nonsense");
    assertThatThrownBy(() -> to("no address")).isInstanceOf(Telemetry.Unusable.class);
    assertThatThrownBy(() -> to("http://127.0.0.1:9", "traces.sampler", "dice"))
        .isInstanceOf(Telemetry.Unusable.class)
        .hasMessageContaining("dice");
  }

  @Test
  void aTokenInAHeaderThatCannotBeReadIsNotShown() {
    assertThatThrownBy(
            () -> to("http://127.0.0.1:9", "exporter.otlp.headers", "Authorization: Bearer s3cr3t"))
        .isInstanceOf(Telemetry.Unusable.class)
        .hasMessageContaining("otel.exporter.otlp.headers")
        .hasMessageNotContaining("s3cr3t")
        .hasNoCause();
  }

  @Test
  void theSamplerDecidesOnceForEachRun() {
    try (Telemetry none = to("http://127.0.0.1:9", "traces.sampler", "always_off");
        Telemetry half =
            to(
                "http://127.0.0.1:9",
                "traces.sampler",
                "traceidratio",
                "traces.sampler.arg",
                "0.5")) {
      assertThat(none.tracing().own(new RunId(UUID.randomUUID()), Optional.empty()))
          .hasValueSatisfying(trace -> assertThat(trace.place().sampled()).isFalse());
      long sampled =
          java.util.stream.Stream.generate(UUID::randomUUID)
              .limit(2_000)
              .filter(
                  id ->
                      half.tracing()
                          .own(new RunId(id), Optional.empty())
                          .orElseThrow()
                          .place()
                          .sampled())
              .count();
      assertThat(sampled).isBetween(850L, 1_150L);
    }
  }

  @Test
  void whatHearsOfAnEventDoesSoInTheContextOfItsSpan() {
    try (Telemetry telemetry = to("http://127.0.0.1:9")) {
      List<String> spans = new CopyOnWriteArrayList<>();
      RunListener listener =
          telemetry.around(e -> spans.add(Span.current().getSpanContext().getSpanId()));
      RunEvent.Ended event = (RunEvent.Ended) ended(telemetry);
      listener.on(event);
      assertThat(spans).containsExactly(event.run().trace().orElseThrow().spanId());
    }
  }

  @Test
  void aCollectorThatIsAwayCostsALineAMinuteAndNoTime() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (Telemetry telemetry = to("http://127.0.0.1:" + port, "bsp.max.queue.size", "2048")) {
      tell(telemetry, 10_000);
      await().atMost(Duration.ofSeconds(20)).until(() -> warnings() == 1);
      tell(telemetry, 10_000);
    }
    assertThat(warnings()).isEqualTo(1);
    assertThat(log.list.stream().filter(line -> !line.getMessage().startsWith("OpenTelemetry is")))
        .hasSize(1);
  }

  @Test
  void aCollectorThatHangsHoldsNeitherRunsNorTheStop() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Telemetry telemetry = to("http://127.0.0.1:" + silent.getLocalPort());
      tell(telemetry, 10_000);
      long begun = System.nanoTime();
      telemetry.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    }
  }

  private static void tell(Telemetry telemetry, int events) {
    RunListener listener = telemetry.around(event -> {});
    long begun = System.nanoTime();
    for (int i = 0; i < events; i++) {
      listener.on(ended(telemetry));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
  }
}
