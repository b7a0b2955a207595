package dev.drover.route;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/** What happens when the tokens of all leaves have arrived: the run is complete. */
final class EndStep extends AsyncProcessorSupport {
  private final Undoings undoings;

  EndStep(Undoings undoings) {
    this.undoings = undoings;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Token token = Token.in(exchange);
    if (token != null && token.execution().isLive()) {
      try {
        undoings.completeAfter(token.execution());
      } catch (RuntimeException | Error e) {
        token.execution().carrier().fault(token.execution(), e);
      }
    }
    callback.done(true);
    return true;
  }
}
