package dev.drover.server;

/** Agents must run in the sandbox, and there can be none here. */
final class NoSandbox extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoSandbox(String obstacle) {
    super("the sandbox can't be used here: " + obstacle);
  }
}
