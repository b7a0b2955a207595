package dev.drover.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import dev.drover.run.NodeItem;
import dev.drover.run.VersionId;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * What a line of the log says beside its message, the same in JSON and over OTLP: from the context
 * of its thread and its own key-values. Values are plain (text, number, boolean, list of text),
 * each key comes once, and all together are bounded.
 */
final class LogFields {
  /** All values together, in characters. */
  static final int MOST = 14_336;

  private static final int LONGEST = 4_096;
  private static final int MOST_ELEMENTS = 32;

  /** What Boot's formats write themselves: a second one of the same name would cost the line. */
  private static final Set<String> TAKEN =
      Set.of(
          "@timestamp",
          "@version",
          "ecs",
          "error",
          "full_message",
          "host",
          "level",
          "level_value",
          "log",
          "logger_name",
          "message",
          "process",
          "service",
          "short_message",
          "stack_trace",
          "tags",
          "thread_name",
          "timestamp",
          "version");

  private final Map<String, Object> fields = new LinkedHashMap<>();

  private LogFields() {}

  /** Those of an event. */
  static Map<String, Object> of(ILoggingEvent event) {
    LogFields all = new LogFields();
    causes(event.getThrowableProxy()).ifPresent(causes -> all.fields.put("causes", causes));
    all.span();
    event.getMDCPropertyMap().forEach(all::add);
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> all.add(pair.key, pair.value));
    }
    return all.bounded();
  }

  /** What this thread does now, if it is traced; lines are written by the threads that log them. */
  private void span() {
    SpanContext span = Span.current().getSpanContext();
    if (span.isSampled()) {
      fields.put("trace_id", span.getTraceId());
      fields.put("span_id", span.getSpanId());
    }
  }

  private void add(String key, @Nullable Object value) {
    if (value instanceof VersionId version) {
      fields.put("project", version.project().value());
      fields.put("workflow", version.workflow().value());
      fields.put("workflow_version", (long) version.version());
    } else if (value instanceof NodeItem node) {
      fields.put("node", node.node().value());
      if (!node.isWhole()) {
        fields.put("item", node.item());
      }
    } else if (value != null) {
      fields.put(name(key), plain(value));
    }
  }

  /** Micrometer's names in its thread's context are those of OpenTelemetry elsewhere. */
  private static String name(String key) {
    return switch (key) {
      case "traceId" -> "trace_id";
      case "spanId" -> "span_id";
      default -> TAKEN.contains(key) ? key + "_" : LogText.line(key);
    };
  }

  private static Object plain(Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? number : String.valueOf(number); // JSON has no NaN
    } else if (value instanceof Boolean || value instanceof Number) {
      return value;
    } else if (value instanceof Optional<?> optional) {
      return optional.<Object>map(LogFields::plain).orElse("");
    } else if (value instanceof Collection<?> elements) {
      List<String> texts = new ArrayList<>();
      elements.forEach(element -> texts.add(text(element)));
      return texts;
    } else if (value.getClass().isArray()) {
      return IntStream.range(0, Array.getLength(value))
          .mapToObj(i -> text(Array.get(value, i)))
          .toList();
    }
    return text(value);
  }

  private static String text(@Nullable Object value) {
    return LogText.block(String.valueOf(value));
  }

  /** What the exception came from, one text each: a stack may be too long to get there. */
  private static Optional<List<String>> causes(@Nullable IThrowableProxy thrown) {
    List<String> causes = new ArrayList<>();
    IThrowableProxy cause = thrown == null ? null : thrown.getCause();
    for (; cause != null && causes.size() < MOST_ELEMENTS; cause = cause.getCause()) {
      causes.add(text(cause.getClassName() + ": " + cause.getMessage()));
    }
    return causes.isEmpty() ? Optional.empty() : Optional.of(causes);
  }

  private Map<String, Object> bounded() {
    int[] room = {MOST};
    fields.replaceAll((key, value) -> bounded(value, room));
    return fields;
  }

  private static Object bounded(Object value, int[] room) {
    if (value instanceof String text) {
      return bounded(text, room);
    } else if (value instanceof List<?> texts) {
      List<String> some = new ArrayList<>();
      texts.stream().limit(MOST_ELEMENTS).forEach(t -> some.add(bounded((String) t, room)));
      return some;
    }
    return value;
  }

  private static String bounded(String text, int[] room) {
    String cut = LogText.cut(text, Math.min(LONGEST, room[0]));
    room[0] -= cut.length();
    return cut;
  }
}
