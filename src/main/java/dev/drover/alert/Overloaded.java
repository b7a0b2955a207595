package dev.drover.alert;

/**
 * So many runs wait that no more can be taken: the sender is told to come again (HTTP 503), which
 * loses nothing, whereas 429 would make an Alertmanager give up. Nothing was stored.
 */
public final class Overloaded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Overloaded(int most) {
    super(most + " runs or more wait to be started (drover.runs.max-queued); try again");
  }
}
