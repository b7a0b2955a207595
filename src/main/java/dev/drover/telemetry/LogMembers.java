package dev.drover.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.json.JsonWriter.ValueProcessor;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * Makes Boot's JSON formats of the log fit for what Drover writes: its fields instead of Boot's,
 * which loses a line that has a key twice, and no line longer than Loki takes.
 */
public final class LogMembers implements StructuredLoggingJsonMembersCustomizer<ILoggingEvent> {
  private static final int MESSAGE = 8_192;
  private static final int ERROR_MESSAGE = 2_048;

  @Override
  public void customize(Members<ILoggingEvent> members) {
    members.add().<String, Object>usingPairs((event, pairs) -> LogFields.of(event).forEach(pairs));
    members.applyingValueProcessor(ValueProcessor.of(String.class, LogText::block));
    bound(members, "message", MESSAGE);
    bound(members, "error.message", ERROR_MESSAGE);
  }

  private static void bound(Members<ILoggingEvent> members, String path, int most) {
    members.applyingValueProcessor(
        ValueProcessor.of(String.class, text -> LogText.cut(text, most)).whenHasPath(path));
  }
}
