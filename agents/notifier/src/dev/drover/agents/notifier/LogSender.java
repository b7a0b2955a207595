package dev.drover.agents.notifier;

import java.io.PrintStream;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.camel.Exchange;
import org.apache.camel.component.log.LogComponent;
import org.apache.camel.component.log.LogEndpoint;

/**
 * Writes a message to the attempt's log by camel-log, with a logger of our own so that no logging
 * set-up can divert it.
 */
final class LogSender {

  private final PrintStream log;

  LogSender(PrintStream log) {
    this.log = log;
  }

  Outcome send(Message message) {
    LogComponent component = new LogComponent();
    try (CamelRuntime camel = CamelRuntime.with("log", component)) {
      LogEndpoint endpoint = new LogEndpoint("log:notifier", component);
      endpoint.setLevel("INFO");
      endpoint.setPlain(true);
      endpoint.setProvidedLogger(new StreamLogger(log));
      String line = LogLine.of(message);
      Exchange exchange = camel.send(endpoint, ready -> ready.getIn().setBody(line));
      return exchange.getException() == null
          ? new Outcome.Delivered(OptionalInt.empty(), Optional.empty())
          : unexpected(exchange.getException());
    } catch (RuntimeException e) {
      return unexpected(e);
    }
  }

  private static Outcome unexpected(Exception failure) {
    return new Outcome.PermanentFailure("the log can't be written: " + Causes.names(failure));
  }
}
