package dev.drover.route;

import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Producer;
import org.apache.camel.Route;
import org.apache.camel.management.DefaultManagementObjectStrategy;
import org.apache.camel.management.mbean.ManagedCamelContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes what management tools see of Camel: the routes of workflows and those of the operator. The
 * API's own would be most of what is shown, and endpoints show what is in their URIs.
 */
public final class ShownObjects extends DefaultManagementObjectStrategy {
  @Override
  public Object getManagedObjectForCamelContext(CamelContext camel) {
    ManagedCamelContext shown = new ShownCamel(camel);
    shown.init(camel.getManagementStrategy());
    return shown;
  }

  @Override
  public @Nullable Object getManagedObjectForRoute(CamelContext camel, Route route) {
    return ShownCamel.isShown(route.getRouteId(), route.getSourceResource())
        ? super.getManagedObjectForRoute(camel, route)
        : null;
  }

  @Override
  public @Nullable Object getManagedObjectForEndpoint(CamelContext camel, Endpoint endpoint) {
    return null;
  }

  @Override
  public @Nullable Object getManagedObjectForConsumer(CamelContext camel, Consumer consumer) {
    return null;
  }

  @Override
  public @Nullable Object getManagedObjectForProducer(CamelContext camel, Producer producer) {
    return null;
  }
}
