package dev.drover.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeFailedEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log that a route failed: which, with what and where, but not what the exception said.
 * Camel's own error handler would log that, and it can quote the body. It is there at DEBUG.
 */
public final class FailedExchanges extends EventNotifierSupport {
  private static final Logger LOG = LoggerFactory.getLogger(FailedExchanges.class);
  private static final int MOST_CAUSES = 20;
  private static final int FRAMES = 8;

  /** Interested in nothing but failures: the engine's exchanges are many. */
  public FailedExchanges() {
    setIgnoreCamelContextEvents(true);
    setIgnoreCamelContextInitEvents(true);
    setIgnoreRouteEvents(true);
    setIgnoreServiceEvents(true);
    setIgnoreStepEvents(true);
    setIgnoreExchangeCreatedEvent(true);
    setIgnoreExchangeCompletedEvent(true);
    setIgnoreExchangeSendingEvents(true);
    setIgnoreExchangeSentEvents(true);
    setIgnoreExchangeRedeliveryEvents(true);
    setIgnoreExchangeAsyncProcessingStartedEvents(true);
  }

  @Override
  public void notify(CamelEvent event) {
    if (event instanceof ExchangeFailedEvent failed) {
      tell(failed.getExchange(), failed.getCause());
    }
  }

  private static void tell(Exchange exchange, @Nullable Throwable why) {
    if (why == null) {
      return;
    }
    List<String> causes = new ArrayList<>();
    for (Throwable t = why.getCause(); t != null && causes.size() < MOST_CAUSES; t = t.getCause()) {
      causes.add(t.getClass().getName());
    }
    LOG.atError()
        .addKeyValue("route", exchange.getFromRouteId())
        .addKeyValue("type", why.getClass().getName())
        .addKeyValue("causes", causes)
        .addKeyValue("at", Arrays.stream(why.getStackTrace()).limit(FRAMES).toList())
        .log("A route failed");
    LOG.atDebug()
        .addKeyValue("route", exchange.getFromRouteId())
        .setCause(why)
        .log("What the failed route said");
  }
}
