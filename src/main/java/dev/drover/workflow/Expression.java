package dev.drover.workflow;

import org.jspecify.annotations.Nullable;

/** A compiled CEL expression. */
public interface Expression {
  /** As the author wrote it. */
  String source();

  /**
   * Computes the value, as plain JSON.
   *
   * @throws ExpressionFailure if data is missing or of the wrong type; the message names the path
   */
  @Nullable Object evaluate(Scope scope) throws ExpressionFailure;
}
