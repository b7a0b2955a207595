package dev.drover.alert;

/**
 * The store can't be reached or did not answer in time. Nothing of the delivery was half-written;
 * the sender is told to come again (HTTP 503), and a retry of what was stored after all is a
 * duplicate.
 */
public final class IntakeUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean refusal;

  /**
   * Takes the store's own trouble as the cause.
   *
   * @param refusal whether the store is well, and would refuse the same again
   */
  public IntakeUnavailable(Throwable cause, boolean refusal) {
    super("the alert store is not available: " + cause.getMessage(), cause);
    this.refusal = refusal;
  }

  IntakeUnavailable(String message) {
    super(message);
    this.refusal = false;
  }

  /** Whether it is about what was to be stored, not about the store. */
  boolean isRefusal() {
    return refusal;
  }
}
