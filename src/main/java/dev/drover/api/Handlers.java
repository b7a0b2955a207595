package dev.drover.api;

import org.apache.camel.builder.RouteBuilder;

/** Gives handlers endpoints that operations of the REST DSL can lead to. */
final class Handlers {
  private Handlers() {}

  /** The endpoint; {@code id} is the operation's. */
  static String endpoint(RouteBuilder routes, String id, Handler handler) {
    String endpoint = "direct:api/" + id;
    routes.from(endpoint).routeId("api/" + id).process(new HttpAdapter(handler));
    return endpoint;
  }
}
