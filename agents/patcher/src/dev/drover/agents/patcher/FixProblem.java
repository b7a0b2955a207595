package dev.drover.agents.patcher;

/** A fix can't be applied; the message becomes its result, and the other fixes go on. */
final class FixProblem extends Exception {
  private static final long serialVersionUID = 1L;

  FixProblem(String message) {
    super(message);
  }
}
