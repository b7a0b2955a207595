package dev.drover.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.drover.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/** Lines of the log as the server with its own settings would write them. */
final class LogEvents {
  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("dev.drover.run.Endings");
  private final List<ILoggingEvent> events = new ArrayList<>();
  private final TextLines text = new TextLines(ZoneOffset.UTC);

  LogEvents() {
    StandardEnvironment environment = new StandardEnvironment();
    try {
      new YamlPropertySourceLoader()
          .load("settings", new ClassPathResource("application.yml"))
          .forEach(environment.getPropertySources()::addLast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    context.putObject(Environment.class.getName(), environment);
    context.setMDCAdapter(new ch.qos.logback.classic.util.LogbackMDCAdapter());
    AppenderBase<ILoggingEvent> keep =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            events.add(event);
          }
        };
    keep.setContext(context);
    keep.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(keep);
  }

  LoggerContext context() {
    return context;
  }

  /** The event of a warning. */
  ILoggingEvent event(UnaryOperator<LoggingEventBuilder> line, String message) {
    line.apply(logger.atWarn()).log(message);
    return events.get(events.size() - 1);
  }

  /** As its line of text, or its lines. */
  String text(UnaryOperator<LoggingEventBuilder> line, String message) {
    return text.format(event(line, message));
  }

  /** As its line of JSON, in a format of Boot's. */
  String json(String format, UnaryOperator<LoggingEventBuilder> line, String message) {
    StructuredLogEncoder encoder = new StructuredLogEncoder();
    encoder.setContext(context);
    encoder.setFormat(format);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.start();
    return new String(encoder.encode(event(line, message)), StandardCharsets.UTF_8);
  }

  /** The same, read again by a strict reader. */
  Map<String, Object> object(UnaryOperator<LoggingEventBuilder> line, String message) {
    return Json.asObject(Json.parseTrusted(json("ecs", line, message)));
  }
}
