package dev.drover.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Hand-written Camel routes: {@code *.camel.yaml}. Camel's own reload removes a route before it
 * knows whether the new one starts, and knows nothing of files: so the last good text of each file
 * is kept here, and put back when the new one fails.
 */
@Component
class RouteFiles {
  private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

  private final CamelContext camel;
  private final Map<Path, String> loaded = new HashMap<>();

  RouteFiles(CamelContext camel) {
    this.camel = camel;
  }

  void load(Path file) {
    try {
      String text = Files.readString(file);
      refuseTaken(file, idsIn(file, text));
      replace(file, text);
      loaded.put(file, text);
      LOG.atInfo()
          .addKeyValue("file", file)
          .addKeyValue("routes", routesOf(file))
          .log("Routes loaded");
    } catch (Exception e) {
      LOG.atError()
          .addKeyValue("file", file)
          .setCause(e)
          .log("Routes not loaded; what was loaded before stays");
    }
  }

  void remove(Path file) {
    try {
      removeRoutes(file);
      loaded.remove(file);
      LOG.atInfo().addKeyValue("file", file).log("Routes removed: their file is gone");
    } catch (Exception e) {
      LOG.atError().addKeyValue("file", file).setCause(e).log("Routes could not be removed");
    }
  }

  /** The ids that the text gives its routes; parses all of it, and changes nothing. */
  private Set<String> idsIn(Path file, String text) throws Exception {
    Set<String> ids = new TreeSet<>();
    for (RoutesBuilder builder :
        PluginHelper.getRoutesLoader(camel).findRoutesBuilders(List.of(resource(file, text)))) {
      if (builder instanceof RouteBuilder routes) {
        routes.configureRoutes(camel).getRoutes().stream()
            .filter(RouteDefinition::hasCustomIdAssigned)
            .map(RouteDefinition::getRouteId)
            .forEach(ids::add);
      }
    }
    return ids;
  }

  private void refuseTaken(Path file, Set<String> ids) throws IOException {
    ids.removeAll(routesOf(file));
    ids.removeIf(id -> camel.getRoute(id) == null);
    if (!ids.isEmpty()) {
      throw new IOException("there are routes already with the ids " + ids);
    }
  }

  private void replace(Path file, String text) throws Exception {
    removeRoutes(file);
    try {
      add(file, text);
    } catch (Exception e) {
      removeRoutes(file);
      if (loaded.containsKey(file)) {
        add(file, loaded.get(file));
      }
      throw e;
    }
  }

  private void add(Path file, String text) throws Exception {
    PluginHelper.getRoutesLoader(camel).loadRoutes(resource(file, text));
  }

  private void removeRoutes(Path file) throws Exception {
    for (String id : routesOf(file)) {
      camel.getRouteController().stopRoute(id);
      camel.removeRoute(id);
    }
  }

  private Set<String> routesOf(Path file) {
    Set<String> ids = new TreeSet<>();
    for (Route route : camel.getRoutes()) {
      Resource source = route.getSourceResource();
      if (source != null && source.getLocation().equals(location(file))) {
        ids.add(route.getRouteId());
      }
    }
    return ids;
  }

  private static Resource resource(Path file, String text) {
    return ResourceHelper.fromString(location(file), text);
  }

  private static String location(Path file) {
    return "file:" + file.toAbsolutePath().normalize();
  }
}
