package dev.drover.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * The log over OTLP too, with the fields that it has in JSON. What the exporter itself logs stays
 * here: it would be told of its own failure for ever.
 */
public final class OtlpLogs implements AutoCloseable {
  private static final int MOST_STACK = 16_384;
  private static final int MOST_MESSAGE = 8_192;

  /** Nothing is sent. */
  public static final OtlpLogs OFF = new OtlpLogs(() -> {});

  private final Runnable end;

  private OtlpLogs(Runnable end) {
    this.end = end;
  }

  /** Sends what is logged from now on, until it is closed. */
  public static OtlpLogs install(LoggerContext context, OpenTelemetry telemetry) {
    Bridge bridge = new Bridge(telemetry.getLogsBridge());
    bridge.setContext(context);
    bridge.setName("OTLP");
    bridge.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(bridge);
    return new OtlpLogs(
        () -> {
          root.detachAppender(bridge);
          bridge.stop();
        });
  }

  @Override
  public void close() {
    end.run();
  }

  /** Threads that log do not wait for one another. */
  private static final class Bridge extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final List<String> EXPORTERS = List.of("io.opentelemetry.", "okhttp3.");

    private final LoggerProvider records;

    Bridge(LoggerProvider records) {
      this.records = records;
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (EXPORTERS.stream().anyMatch(event.getLoggerName()::startsWith)) {
        return;
      }
      Map<String, Object> fields = LogFields.of(event);
      LogRecordBuilder record =
          records
              .get(event.getLoggerName())
              .logRecordBuilder()
              .setTimestamp(event.getInstant())
              .setSeverity(severity(event.getLevel()))
              .setSeverityText(event.getLevel().toString())
              .setContext(context(fields))
              .setBody(LogText.cut(LogText.block(event.getFormattedMessage()), MOST_MESSAGE));
      attributes(record, fields);
      if (event.getThrowableProxy() != null) {
        exception(record, event.getThrowableProxy());
      }
      record.emit();
    }

    /** What is logged about a run belongs to the run's trace, whatever thread says it. */
    private static Context context(Map<String, Object> fields) {
      if (fields.remove("trace_id") instanceof String trace
          && fields.remove("span_id") instanceof String span) {
        SpanContext known =
            SpanContext.create(trace, span, TraceFlags.getSampled(), TraceState.getDefault());
        if (known.isValid()) {
          return Context.current().with(Span.wrap(known));
        }
      }
      return Context.current();
    }

    private static void attributes(LogRecordBuilder record, Map<String, Object> fields) {
      fields.forEach(
          (name, value) -> {
            if (value instanceof List<?> texts) {
              record.setAttribute(
                  AttributeKey.stringArrayKey(name), texts.stream().map(String::valueOf).toList());
            } else if (value instanceof Boolean flag) {
              record.setAttribute(AttributeKey.booleanKey(name), flag);
            } else if (value instanceof Double number) {
              record.setAttribute(AttributeKey.doubleKey(name), number);
            } else if (value instanceof Number number) {
              record.setAttribute(AttributeKey.longKey(name), number.longValue());
            } else {
              record.setAttribute(AttributeKey.stringKey(name), value.toString());
            }
          });
    }

    private static void exception(LogRecordBuilder record, IThrowableProxy thrown) {
      String message = LogText.block(String.valueOf(thrown.getMessage()));
      String stack = LogText.block(ThrowableProxyUtil.asString(thrown));
      record
          .setAttribute(AttributeKey.stringKey("exception.type"), thrown.getClassName())
          .setAttribute(
              AttributeKey.stringKey("exception.message"), LogText.cut(message, MOST_MESSAGE))
          .setAttribute(
              AttributeKey.stringKey("exception.stacktrace"), LogText.cut(stack, MOST_STACK));
    }

    private static Severity severity(Level level) {
      return switch (level.toInt()) {
        case Level.ERROR_INT -> Severity.ERROR;
        case Level.WARN_INT -> Severity.WARN;
        case Level.INFO_INT -> Severity.INFO;
        case Level.DEBUG_INT -> Severity.DEBUG;
        default -> Severity.TRACE;
      };
    }
  }
}
