package dev.drover.hawtio;

import java.util.Map;
import java.util.Set;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;
import org.jspecify.annotations.Nullable;

/**
 * What Jolokia shows: routes, their counts, and how the JVM is. Everything that is not named here
 * is hidden and refused: system properties, arguments, the environment, endpoints, data sources.
 */
final class JolokiaRules implements Restrictor {
  private static final String CAMEL = "org.apache.camel";
  private static final String ROUTES = "routes";
  private static final String CONTEXT = "context";

  /** Hawtio draws routes with these. They change nothing, and show workflows' routes only. */
  private static final Set<String> DRAWING = Set.of("dumpRoutesAsXml()", "dumpRoutesStatsAsXml");

  private static final Set<String> STEERING =
      Set.of(
          "start()", "stop()", "suspend()", "resume()", "restart()", "reset()", "reset(boolean)");

  /** Types by domain. All attributes of those of the JVM are numbers and names. */
  private static final Map<String, Set<String>> SHOWN =
      Map.of(
          CAMEL,
          Set.of(CONTEXT, ROUTES),
          "java.lang",
          Set.of("GarbageCollector", "Memory", "MemoryPool", "OperatingSystem", "Threading"));

  /**
   * What is read of Camel. The rest quotes the operator's routes or what they have met: URIs,
   * properties, texts of errors.
   */
  private static final Set<String> READABLE =
      Set.of(
          // what it is
          "CamelDescription",
          "CamelId",
          "CamelManagementName",
          "CamelVersion",
          "Description",
          "ManagementName",
          "RouteGroup",
          "RouteId",
          // how it is
          "AutoStartup",
          "StartedRoutes",
          "State",
          "StatisticsEnabled",
          "TotalRoutes",
          "Uptime",
          "UptimeMillis",
          // what it has done
          "ExchangesCompleted",
          "ExchangesFailed",
          "ExchangesInflight",
          "ExchangesTotal",
          "ExternalRedeliveries",
          "FailuresHandled",
          "Load01",
          "Load05",
          "Load15",
          "OldestInflightDuration",
          "OldestInflightExchangeId",
          "Redeliveries",
          "RemoteExchangesCompleted",
          "RemoteExchangesFailed",
          "RemoteExchangesInflight",
          "RemoteExchangesTotal",
          "Throughput",
          // how long it took
          "DeltaProcessingTime",
          "LastProcessingTime",
          "MaxProcessingTime",
          "MeanProcessingTime",
          "MinProcessingTime",
          "TotalProcessingTime",
          // when, and which
          "FirstExchangeCompletedExchangeId",
          "FirstExchangeCompletedTimestamp",
          "FirstExchangeFailureExchangeId",
          "FirstExchangeFailureTimestamp",
          "IdleSince",
          "LastExchangeCompletedExchangeId",
          "LastExchangeCompletedTimestamp",
          "LastExchangeCreatedTimestamp",
          "LastExchangeFailureExchangeId",
          "LastExchangeFailureTimestamp",
          "ResetTimestamp",
          "StartTimestamp");

  private final boolean operations;

  /**
   * @param operations whether routes may be steered; a page of another site could then do so by a
   *     link, so that GET is refused
   */
  JolokiaRules(boolean operations) {
    this.operations = operations;
  }

  @Override
  public boolean isHttpMethodAllowed(HttpMethod method) {
    return method == HttpMethod.POST || (method == HttpMethod.GET && !operations);
  }

  @Override
  public boolean isTypeAllowed(RequestType type) {
    return switch (type) {
      case READ, LIST, SEARCH, VERSION, CONFIG, EXEC -> true;
      case WRITE, NOTIFICATION -> false;
    };
  }

  @Override
  public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
    return isShown(name) && (!name.getDomain().equals(CAMEL) || READABLE.contains(attribute));
  }

  @Override
  public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
    return false;
  }

  @Override
  public boolean isOperationAllowed(ObjectName name, String operation) {
    if (!name.getDomain().equals(CAMEL) || name.isPattern()) {
      return false;
    }
    return switch (type(name)) {
      case CONTEXT -> DRAWING.contains(operation);
      case ROUTES -> operations && STEERING.contains(operation);
      default -> false;
    };
  }

  @Override
  public boolean isRemoteAccessAllowed(String... addresses) {
    return true; // judged by the gate, by credential
  }

  /** Whose pages may call is judged by the gate; none may see answers from elsewhere (CORS). */
  @Override
  public boolean isOriginAllowed(@Nullable String origin, boolean onlyWhenStrict) {
    return onlyWhenStrict;
  }

  @Override
  public boolean isObjectNameHidden(ObjectName name) {
    return !isShown(name);
  }

  /** Behind a proxy that speaks TLS, pages are of https and requests are not. */
  @Override
  public boolean ignoreScheme() {
    return true;
  }

  private static boolean isShown(ObjectName name) {
    return SHOWN.getOrDefault(name.getDomain(), Set.of()).contains(type(name));
  }

  private static String type(ObjectName name) {
    String type = name.getKeyProperty("type");
    return type == null ? "" : type;
  }
}
