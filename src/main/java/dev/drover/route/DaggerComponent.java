package dev.drover.route;

import dev.drover.agent.DaggerRuntime.Egress;
import dev.drover.agent.Secrets;
import dev.drover.agent.dagger.DaggerEngine;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;

/**
 * Lets any route run a program in a container of the Dagger engine: {@code dagger:<image>}. The
 * body is its stdin, and becomes its stdout. What is run is said by the endpoint alone, never by a
 * message. Making the component or an endpoint starts nothing.
 */
public final class DaggerComponent extends DefaultComponent {
  /** The scheme under which the component is registered. */
  public static final String SCHEME = "dagger";

  private final DaggerEngine engine;
  private final Secrets secrets;
  private final Egress egress;

  /**
   * Runs containers in the given engine.
   *
   * @param secrets what {@code secret.*} options name
   * @param egress what the engine's containers can reach
   */
  public DaggerComponent(DaggerEngine engine, Secrets secrets, Egress egress) {
    this.engine = engine;
    this.secrets = secrets;
    this.egress = egress;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    if (remaining.isBlank()) {
      throw new IllegalArgumentException(uri + " names no image: dagger:alpine:3.20?args=…");
    }
    DaggerEndpoint endpoint = new DaggerEndpoint(uri, this, remaining);
    endpoint.setEnv(texts(PropertiesHelper.extractProperties(parameters, "env.")));
    endpoint.setSecret(texts(PropertiesHelper.extractProperties(parameters, "secret.")));
    setProperties(endpoint, parameters);
    if (endpoint.getNetwork() == DaggerEndpoint.Reach.NONE && egress == Egress.ALLOWED) {
      throw new IllegalArgumentException(
          uri
              + " asks for network=none, which Dagger can't enforce: run the engine in a network"
              + " that lets nothing out and set drover.dagger.engine-egress=denied");
    }
    return endpoint;
  }

  private static Map<String, String> texts(Map<String, Object> values) {
    Map<String, String> texts = new TreeMap<>();
    values.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }

  DaggerEngine engine() {
    return engine;
  }

  Secrets secrets() {
    return secrets;
  }
}
