package dev.drover.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Hand-written Camel routes: {@code *.camel.yaml}. A file that is gone takes its routes along. */
@Component
class RouteFiles {
  private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

  private final CamelContext camel;
  private final Map<Path, Set<String>> loaded = new HashMap<>();

  RouteFiles(CamelContext camel) {
    this.camel = camel;
  }

  void load(Path file) {
    try {
      Resource resource =
          ResourceHelper.resolveMandatoryResource(camel, "file:" + file.toAbsolutePath());
      Set<String> ids = PluginHelper.getRoutesLoader(camel).updateRoutes(List.of(resource));
      Set<String> before = new HashSet<>(loaded.getOrDefault(file, Set.of()));
      before.removeAll(ids);
      removeRoutes(before);
      loaded.put(file, ids);
      LOG.atInfo().addKeyValue("file", file).addKeyValue("routes", ids).log("Routes loaded");
    } catch (Exception e) {
      LOG.atError()
          .addKeyValue("file", file)
          .setCause(e)
          .log("Routes not loaded; what was loaded before stays");
    }
  }

  void remove(Path file) {
    Set<String> ids = loaded.remove(file);
    try {
      removeRoutes(ids == null ? Set.of() : ids);
      LOG.atInfo().addKeyValue("file", file).log("Routes removed: their file is gone");
    } catch (Exception e) {
      LOG.atError().addKeyValue("file", file).setCause(e).log("Routes could not be removed");
    }
  }

  private void removeRoutes(Set<String> ids) throws Exception {
    for (String id : ids) {
      camel.getRouteController().stopRoute(id);
      camel.removeRoute(id);
    }
  }
}
