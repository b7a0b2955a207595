package dev.drover.agents.compliancechecker;

/** A text is no SPDX expression; the message says why. */
final class NoExpression extends Exception {
  private static final long serialVersionUID = 1L;

  NoExpression(String message) {
    super(message);
  }
}
