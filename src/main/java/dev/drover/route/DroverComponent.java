package dev.drover.route;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/**
 * The steps of compiled workflows as a Camel component: {@code drover:node/<project>/<workflow>@
 * <version>/<node>} executes a node, {@code drover:end/...} ends a run. They work on tokens only;
 * any other message passes them unchanged.
 */
public final class DroverComponent extends DefaultComponent {
  /** The scheme under which the component is registered. */
  public static final String SCHEME = "drover";

  private final Map<String, AsyncProcessor> steps = new ConcurrentHashMap<>();

  static String node(String routeId) {
    return SCHEME + ":node/" + routeId;
  }

  static String end(String routeId) {
    return SCHEME + ":end/" + routeId;
  }

  /** Adds the step behind an endpoint; to be called before its route is added. */
  void add(String uri, AsyncProcessor step) {
    steps.put(uri, step);
  }

  /** Removes the step behind an endpoint. */
  void remove(String uri) {
    steps.remove(uri);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
    AsyncProcessor step = steps.get(SCHEME + ":" + remaining);
    if (step == null) {
      throw new IllegalArgumentException("no deployed workflow has a step " + uri);
    }
    return new StepEndpoint(uri, this, step);
  }

  private static final class StepEndpoint extends DefaultEndpoint {
    private final AsyncProcessor step;

    StepEndpoint(String uri, DroverComponent component, AsyncProcessor step) {
      super(uri, component);
      this.step = step;
    }

    @Override
    public Producer createProducer() {
      return new StepProducer(this, step);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      throw new UnsupportedOperationException("a step can't be read from");
    }

    @Override
    public boolean isLenientProperties() {
      return true;
    }
  }
}
