package dev.drover.server;

/** The server would be open to the network without authentication. */
final class UnsafeBinding extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsafeBinding(String bind) {
    super(
        "listening on "
            + bind
            + " needs authentication: set DROVER_AUTH_TOKEN (or DROVER_AUTH_USER and"
            + " DROVER_AUTH_PASSWORD), or bind to 127.0.0.1");
  }
}
