package dev.drover.agents.notifier;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * An SLF4J logger that is a stream and nothing else: INFO and above, one bare line each, flushed.
 */
final class StreamLogger extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1L;

  private final transient PrintStream stream;

  StreamLogger(PrintStream stream) {
    this.name = "notifier";
    this.stream = stream;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String message,
      Object @Nullable [] arguments,
      @Nullable Throwable throwable) {
    stream.println(MessageFormatter.basicArrayFormat(message, arguments));
    stream.flush();
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }

  @Override
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public boolean isInfoEnabled() {
    return true;
  }

  @Override
  public boolean isWarnEnabled() {
    return true;
  }

  @Override
  public boolean isErrorEnabled() {
    return true;
  }
}
