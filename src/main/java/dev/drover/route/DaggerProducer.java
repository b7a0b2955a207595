package dev.drover.route;

import dev.drover.agent.SecretMask;
import dev.drover.agent.dagger.ContainerEnd;
import dev.drover.agent.dagger.ContainerEnd.Aborted;
import dev.drover.agent.dagger.ContainerEnd.Exited;
import dev.drover.agent.dagger.ContainerEnd.Lost;
import dev.drover.agent.dagger.ContainerEnd.Refused;
import dev.drover.agent.dagger.ContainerEnd.TimedOut;
import dev.drover.agent.dagger.ContainerEnd.TooLarge;
import dev.drover.agent.dagger.ContainerEnd.Unavailable;
import dev.drover.agent.dagger.ContainerSpec;
import dev.drover.agent.dagger.RunningContainer;
import dev.drover.run.Async;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a container for each message; no thread waits meanwhile. */
final class DaggerProducer extends DefaultAsyncProducer {
  private static final Logger LOG = LoggerFactory.getLogger(DaggerComponent.class);
  private static final int LAST = 500;

  private final DaggerEndpoint endpoint;
  private final DaggerComponent component;
  private final Set<RunningContainer> running = ConcurrentHashMap.newKeySet();

  DaggerProducer(DaggerEndpoint endpoint, DaggerComponent component) {
    super(endpoint);
    this.endpoint = endpoint;
    this.component = component;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    ContainerSpec spec;
    try {
      String body = exchange.getMessage().getBody(String.class);
      spec = endpoint.container(body == null ? "" : body);
    } catch (RuntimeException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
    SecretMask mask = new SecretMask(spec.secrets().values());
    DaggerLines lines = new DaggerLines(spec.secrets().values(), this::log);
    RunningContainer container = component.engine().run(spec, Optional.empty(), lines);
    running.add(container);
    Async.whenDone(
        container.end(),
        (end, thrown) -> {
          running.remove(container);
          lines.end();
          finish(exchange, end, thrown, mask);
          callback.done(false);
        },
        bug -> {
          exchange.setException(bug);
          callback.done(false);
        });
    return false;
  }

  @Override
  protected void doStop() throws Exception {
    running.forEach(RunningContainer::abort);
    super.doStop();
  }

  private void log(String line) {
    LOG.atDebug().addKeyValue("image", endpoint.getImage()).log(line);
  }

  private void finish(
      Exchange exchange, @Nullable ContainerEnd end, @Nullable Throwable thrown, SecretMask mask) {
    if (end instanceof Exited exited) {
      exchange.getMessage().setHeader(DaggerEndpoint.EXIT_CODE, exited.code());
      exchange.getMessage().setHeader(DaggerEndpoint.DURATION, exited.took().toMillis());
      if (exited.code() == 0 || !endpoint.isFailOnExitCode()) {
        exchange.getMessage().setBody(exited.stdout());
        return;
      }
    }
    String what = endpoint.getEndpointBaseUri() + " ";
    exchange.setException(
        end == null ? thrown : new RuntimeCamelException(mask.text(what + describe(end, mask))));
  }

  private String describe(ContainerEnd end, SecretMask mask) {
    if (end instanceof Exited exited) {
      String said = mask.text(exited.stderr()).strip(); // before it is cut, maybe within a secret
      String last = said.substring(Math.max(0, said.length() - LAST));
      return "ended with exit code " + exited.code() + (last.isEmpty() ? "" : ": " + last);
    } else if (end instanceof TimedOut) {
      return "did not end within " + endpoint.getTimeout().toMillis() + " ms";
    } else if (end instanceof TooLarge) {
      return "wrote more than " + endpoint.getOutputLimit() + " bytes";
    } else if (end instanceof Refused refused) {
      String how = refused.took().isZero() ? "is not run by the engine: " : "ran, but ";
      return how + refused.reason();
    } else if (end instanceof Unavailable unavailable) {
      return "can't be run: " + unavailable.reason();
    } else if (end instanceof Lost lost) {
      return "has lost its engine: " + lost.reason();
    }
    return "was stopped after " + ((Aborted) end).took().toMillis() + " ms";
  }
}
