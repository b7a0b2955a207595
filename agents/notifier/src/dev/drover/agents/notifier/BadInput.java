package dev.drover.agents.notifier;

/**
 * The input can't be used; the message says which part and how to mend it, and never quotes an
 * address or a password.
 */
final class BadInput extends Exception {

  private static final long serialVersionUID = 1L;

  BadInput(String message) {
    super(message);
  }
}
