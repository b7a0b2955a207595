package dev.drover.server;

import org.springframework.stereotype.Component;

/** Whether requests can be taken: an alert that came before the workflows would match none. */
@Component
public class Readiness {
  private volatile boolean ready;

  /** Whether they can. */
  public boolean isReady() {
    return ready;
  }

  void set(boolean ready) {
    this.ready = ready;
  }
}
