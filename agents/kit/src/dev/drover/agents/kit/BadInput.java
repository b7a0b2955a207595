package dev.drover.agents.kit;

/**
 * The input can't be used; the message says which part and how to mend it, and never quotes an
 * address or a password.
 */
public final class BadInput extends Exception {

  private static final long serialVersionUID = 1L;

  /** Says what is wrong, and how to mend it. */
  public BadInput(String message) {
    super(message);
  }
}
