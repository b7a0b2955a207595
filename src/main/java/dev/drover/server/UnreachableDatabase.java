package dev.drover.server;

/** The database that the settings name can't be used. */
final class UnreachableDatabase extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Neither the URL nor what the driver says of it is told with a password in it. */
  UnreachableDatabase(String url, Throwable cause) {
    super(
        "the database at "
            + withoutPassword(url)
            + " can't be used: "
            + withoutPassword(String.valueOf(cause.getMessage()))
            + "; check --db-url, --db-user and --db-password",
        cause);
  }

  /** Parameters may hold one, and so may what stands before the host by mistake. */
  private static String withoutPassword(String text) {
    return text.replaceAll("[?]\\S*", "").replaceAll("[^\\s/]*@", "");
  }
}
