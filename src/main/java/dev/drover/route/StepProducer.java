package dev.drover.route;

import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/** Hands messages to a step. */
final class StepProducer extends DefaultAsyncProducer {
  private final AsyncProcessor step;

  StepProducer(Endpoint endpoint, AsyncProcessor step) {
    super(endpoint);
    this.step = step;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    return step.process(exchange, callback);
  }
}
