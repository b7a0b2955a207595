package dev.drover.agents.compliancechecker;

/** A file can't be understood; the message says why, without quoting it. */
final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  Unreadable(String message) {
    super(message);
  }
}
