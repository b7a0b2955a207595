package dev.drover.workflow;

import org.jspecify.annotations.Nullable;

/**
 * A value of a document in which strings may hold {@code ${{ expressions }}}. It was parsed when
 * the workflow was loaded; what its expressions give is data and is never parsed again.
 */
public interface Template {
  /**
   * Computes the value, as plain JSON. A string that is one expression keeps the expression's type.
   *
   * @throws ExpressionFailure if an expression fails
   */
  @Nullable Object evaluate(Scope scope) throws ExpressionFailure;
}
