package dev.drover.workflow;

/** An expression could not be evaluated; the message names the expression and what was missing. */
public final class ExpressionFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** The message is shown to the author of the workflow. */
  public ExpressionFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** The message is shown to the author of the workflow. */
  public ExpressionFailure(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
