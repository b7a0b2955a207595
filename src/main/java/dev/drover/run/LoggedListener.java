package dev.drover.run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a listener throws away from the run that it hears of: it is logged, the run goes on.
 */
public record LoggedListener(RunListener listener) implements RunListener {
  private static final Logger LOG = LoggerFactory.getLogger(LoggedListener.class);

  @Override
  public void on(RunEvent event) {
    try {
      listener.on(event);
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("A listener of runs failed");
    }
  }
}
