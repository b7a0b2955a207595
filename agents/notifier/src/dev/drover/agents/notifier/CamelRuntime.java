package dev.drover.agents.notifier;

import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.engine.SimpleCamelContext;
import org.apache.camel.support.service.ServiceHelper;

/**
 * The least of Camel that can send: one context without routes, JMX, health checks or model, with
 * the one component that the channel needs. That is what keeps the agent's whole life near half a
 * second.
 */
final class CamelRuntime implements AutoCloseable {

  private final SimpleCamelContext context;
  private final ProducerTemplate template;

  private CamelRuntime(SimpleCamelContext context) {
    this.context = context;
    this.template = context.createProducerTemplate();
  }

  /** A started runtime; whoever asks closes it. */
  static CamelRuntime with(String scheme, Component component) {
    SimpleCamelContext context = new SimpleCamelContext();
    context.disableJMX();
    context.setLoadTypeConverters(false);
    context.setLoadHealthChecks(false);
    context.addComponent(scheme, component);
    context.start();
    return new CamelRuntime(context);
  }

  /** The URI must be a constant: Camel expands placeholders in it, and may print it. */
  <E extends Endpoint> E endpoint(String constantUri, Class<E> type) {
    return context.getEndpoint(constantUri, type);
  }

  /**
   * Starts an endpoint that was built by hand, too. What went wrong is found in the exchange;
   * nothing is thrown for it.
   */
  Exchange send(Endpoint endpoint, Processor filling) {
    ServiceHelper.startService(endpoint);
    return template.send(endpoint, filling);
  }

  @Override
  public void close() {
    context.stop();
  }
}
