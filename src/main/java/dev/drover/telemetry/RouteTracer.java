package dev.drover.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;

/**
 * Camel's own spans of the API's and of hand-written routes. The routes that workflows are compiled
 * into make none: the spans of their nodes tell the same, and hold across restarts.
 */
final class RouteTracer extends OpenTelemetryTracer {
  static final AttributeKey<String> ROUTE = AttributeKey.stringKey("camel.route.id");

  @Override
  public boolean exclude(@Nullable String uri, CamelContext context) {
    return uri != null
        && (uri.startsWith("drover:")
            || (uri.startsWith("direct:") && (isCompiled(uri) || isOfApi(uri))));
  }

  /** {@code <project>/<workflow>@<version>/...} is what the routes of workflows are called. */
  private static boolean isCompiled(String uri) {
    int at = uri.indexOf('@');
    return at > 0 && uri.lastIndexOf('/', at) > 0 && uri.indexOf('/', at) > at;
  }

  /** What REST operations lead to: one span of the operation is enough. */
  private static boolean isOfApi(String uri) {
    return uri.startsWith("direct:api/") || uri.startsWith("direct://api/");
  }

  @Override
  public @Nullable RoutePolicy createRoutePolicy(
      CamelContext context, String routeId, NamedNode route) {
    return isCompiled(routeId) || routeId.startsWith("api/")
        ? null
        : new Named(super.createRoutePolicy(context, routeId, route));
  }

  /** Calls a route's span by the route's name: Camel does by its component's only. */
  private final class Named extends RoutePolicySupport {
    private final RoutePolicy spans;

    Named(RoutePolicy spans) {
      this.spans = spans;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
      spans.onExchangeBegin(route, exchange);
      if (exclude(route.getEndpoint().getEndpointUri(), exchange.getContext())) {
        return;
      }
      Span.current()
          .updateName("route " + route.getRouteId())
          .setAttribute(ROUTE, route.getRouteId());
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
      spans.onExchangeDone(route, exchange);
    }
  }
}
