package dev.drover.route;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.management.mbean.ManagedCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * Camel as management tools see it. They draw routes from their text: of a route of the operator's,
 * in which there may be a password, they get the beginning alone.
 */
@ManagedResource(description = "Managed CamelContext")
public final class ShownCamel extends ManagedCamelContext {
  ShownCamel(CamelContext camel) {
    super(camel);
  }

  @Override
  public String dumpRoutesAsXml() throws Exception {
    ModelCamelContext camel = (ModelCamelContext) getContext();
    RoutesDefinition shown = new RoutesDefinition();
    shown.setRoutes(
        camel.getRouteDefinitions().stream()
            .filter(route -> isShown(route.getRouteId(), route.getResource()))
            .map(ShownCamel::shown)
            .toList());
    return PluginHelper.getModelToXMLDumper(camel).dumpModelAsXml(camel, shown);
  }

  /** Not shown: whatever somebody has configured. */
  @Override
  public Map<String, String> getGlobalOptions() {
    return Map.of();
  }

  /**
   * Whether a route is a workflow's or the operator's.
   *
   * @param source what it was read from: a file, if it is the operator's
   */
  static boolean isShown(String routeId, @Nullable Resource source) {
    return RouteIds.isWorkflows(routeId) || isFile(source);
  }

  private static boolean isFile(@Nullable Resource source) {
    return source != null && source.getLocation().startsWith("file:");
  }

  private static RouteDefinition shown(RouteDefinition route) {
    String from = route.getInput().getEndpointUri();
    RouteDefinition shown = new RouteDefinition(URISupport.sanitizeUri(from.split("\\?", 2)[0]));
    shown.setId(route.getRouteId());
    shown.getInput().setId(route.getInput().getId());
    if (!isFile(route.getResource())) {
      shown.setOutputs(route.getOutputs().stream().filter(ShownCamel::isAuthors).toList());
    }
    return shown;
  }

  /** What happens to exceptions is the same in all of them, and no author's. */
  private static boolean isAuthors(ProcessorDefinition<?> step) {
    return !(step instanceof OnExceptionDefinition);
  }
}
