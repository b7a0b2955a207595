package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** A real receiver of OTLP over HTTP: what it got was sent as a collector would get it. */
public final class TraceCollector implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(15);

  private final HttpServer http;
  private final List<Told> spans = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();

  /**
   * A span.
   *
   * @param parent empty if it has none
   * @param links each as the trace, a dash, and the span
   */
  public record Told(
      String trace,
      String id,
      String parent,
      String name,
      Map<String, String> attributes,
      List<String> links,
      boolean failed,
      long startNanos,
      long endNanos,
      String kind,
      Map<String, String> resource,
      String raw) {
    /** As links name it. */
    public String place() {
      return trace + "-" + id;
    }
  }

  /** The spans of a trace; those that are asked for are waited for. */
  public record Trace(TraceCollector collector, String id) {
    /** All that was told of it so far. */
    public List<Told> spans() {
      return collector.spans(span -> span.trace().equals(id));
    }

    /** Those of a name, of which there must be so many. */
    public List<Told> all(String name, int count) {
      await().atMost(SOON).until(() -> named(name).size() >= count);
      assertThat(named(name)).hasSize(count);
      return named(name);
    }

    /** Those of a name that were told so far. */
    public List<Told> named(String name) {
      return spans().stream().filter(span -> span.name().equals(name)).toList();
    }

    /** The only one of its name. */
    public Told one(String name) {
      return all(name, 1).get(0);
    }

    /** Each of them is beneath the one before. */
    public void nests(String... names) {
      for (int i = 1; i < names.length; i++) {
        assertThat(one(names[i]).parent()).as(names[i]).isEqualTo(one(names[i - 1]).id());
      }
    }
  }

  private TraceCollector(HttpServer http) {
    this.http = http;
  }

  /** Starts one. */
  public static TraceCollector start() {
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
      TraceCollector collector = new TraceCollector(http);
      http.createContext("/v1/traces", collector::take);
      http.start();
      return collector;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is. */
  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** How often something was sent. */
  public int requests() {
    return requests.get();
  }

  /** All that was told so far. */
  public List<Told> spans() {
    return List.copyOf(spans);
  }

  /** What was told of a trace. */
  public Trace trace(String id) {
    return new Trace(this, id);
  }

  /** Of what was told so far those of which something holds. */
  public List<Told> spans(Predicate<Told> wanted) {
    return spans.stream().filter(wanted).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange;
        InputStream body = body(exchange)) {
      for (ResourceSpans of : ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
        Map<String, String> resource = attributes(of.getResource().getAttributesList());
        for (ScopeSpans scope : of.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> spans.add(told(span, resource)));
        }
      }
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private static InputStream body(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return gzip ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
  }

  private static Told told(Span span, Map<String, String> resource) {
    return new Told(
        hex(span.getTraceId().toByteArray()),
        hex(span.getSpanId().toByteArray()),
        hex(span.getParentSpanId().toByteArray()),
        span.getName(),
        attributes(span.getAttributesList()),
        span.getLinksList().stream()
            .map(l -> hex(l.getTraceId().toByteArray()) + "-" + hex(l.getSpanId().toByteArray()))
            .toList(),
        span.getStatus().getCodeValue() == 2,
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        span.getKind().name(),
        resource,
        span.toString());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static Map<String, String> attributes(List<KeyValue> all) {
    Map<String, String> attributes = new TreeMap<>();
    all.forEach(each -> attributes.put(each.getKey(), text(each.getValue())));
    return attributes;
  }

  private static String text(AnyValue value) {
    return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
