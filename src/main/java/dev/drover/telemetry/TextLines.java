package dev.drover.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.logging.structured.StructuredLogFormatter;

/**
 * The log as a person at a terminal reads it. Only the time of an event stands at the beginning of
 * a line: what is told of strangers' data can't pass for an event, nor steer the terminal.
 */
public final class TextLines implements StructuredLogFormatter<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
  private static final String FURTHER_LINE = "\n    ";

  private final ZoneId zone;

  /** In the zone of this machine. */
  public TextLines() {
    this(ZoneId.systemDefault());
  }

  TextLines(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public String format(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(TIME.format(event.getInstant().atZone(zone)));
    line.append(" %-5s ".formatted(event.getLevel()));
    String logger = event.getLoggerName();
    line.append(LogText.line(logger.substring(logger.lastIndexOf('.') + 1))).append(": ");
    line.append(indented(String.valueOf(event.getFormattedMessage()).strip()));
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      pairs.forEach(pair -> append(line, pair));
    }
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      String stack = ThrowableProxyUtil.asString(event.getThrowableProxy()).strip();
      line.append("    ").append(indented(stack)).append('\n');
    }
    return line.toString();
  }

  private static void append(StringBuilder line, KeyValuePair pair) {
    String value = LogText.line(String.valueOf(pair.value)).replace("\"", "\\\"");
    line.append(' ').append(LogText.line(pair.key)).append("=\"").append(value).append('"');
  }

  private static String indented(String text) {
    return LogText.block(text.replace("\r\n", "\n")).replace("\n", FURTHER_LINE);
  }
}
