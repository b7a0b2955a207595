package dev.drover.agent.dagger;

/** There is no session to be had now; the message says why. */
final class NoSession extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final boolean passing;

  /**
   * Names the reason.
   *
   * @param passing whether it may be otherwise in a moment
   */
  NoSession(String message, boolean passing) {
    super(message, null, false, false);
    this.passing = passing;
  }

  boolean isPassing() {
    return passing;
  }
}
