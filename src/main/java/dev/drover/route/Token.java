package dev.drover.route;

import dev.drover.run.Execution;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What passes along an edge: exactly one per edge and execution. It is a message's body and carries
 * no data of the run: that is in the execution, and reaches no endpoint by way of a message.
 */
record Token(Execution execution) {
  /** The token in an exchange; null if somebody else's message strayed into our routes. */
  static @Nullable Token in(Exchange exchange) {
    return exchange.getMessage().getBody() instanceof Token token ? token : null;
  }
}
