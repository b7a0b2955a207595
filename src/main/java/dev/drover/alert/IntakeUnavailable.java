package dev.drover.alert;

/**
 * The store can't be reached or did not answer in time. Nothing of the delivery was half-written;
 * the sender is told to come again (HTTP 503), and a retry of what was stored after all is a
 * duplicate.
 */
public final class IntakeUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Takes the store's own trouble as the cause. */
  public IntakeUnavailable(Throwable cause) {
    super("the alert store is not available: " + cause.getMessage(), cause);
  }

  IntakeUnavailable(String message) {
    super(message);
  }
}
