package dev.drover.workflow;

/** How the failure of an expression is told: where it stands, what is wrong, and what it says. */
final class Failures {
  private Failures() {}

  static ExpressionFailure of(String path, String message, String source) {
    return new ExpressionFailure(text(path, message, source));
  }

  static ExpressionFailure of(String path, String message, String source, Throwable cause) {
    return new ExpressionFailure(text(path, message, source), cause);
  }

  private static String text(String path, String message, String source) {
    return path + ": " + message + " (in: " + Quote.cut(source) + ")";
  }
}
