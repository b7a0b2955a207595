package dev.drover.agents.notifier;

/** A key or token. Does not print itself. */
record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
