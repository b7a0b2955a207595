package dev.drover.server;

/** The database that the settings name can't be used. */
final class UnreachableDatabase extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreachableDatabase(String url, Throwable cause) {
    super(
        "the database at "
            + url.replaceFirst("[?].*", "") // parameters may hold a password
            + " can't be used: "
            + cause.getMessage()
            + "; check --db-url, --db-user and --db-password",
        cause);
  }
}
