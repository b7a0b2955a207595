package dev.drover.workflow;

import dev.drover.yaml.Position;
import dev.drover.yaml.YamlValue.YamlScalar;

/**
 * Where an expression stands.
 *
 * @param offset the index in the scalar's text at which the expression begins
 * @param path the scalar's path in the document
 */
record Place(YamlScalar scalar, int offset, String path) {
  /** Reports a problem with the character at that index of the expression. */
  void report(Problems problems, int index, String message, String hint) {
    Position exact = scalar.positionOf(offset + index).orElse(null);
    String where = exact == null ? " (at character " + (index + 1) + " of the expression)" : "";
    problems.report(
        exact == null ? scalar.position() : exact,
        path,
        message + where,
        hint.isEmpty() ? null : hint);
  }
}
