package dev.drover.api;

/** Answers one kind of request. */
@FunctionalInterface
interface Handler {
  /**
   * Answers.
   *
   * @throws ApiProblem if the request can't be answered as asked
   */
  Answer answer(Request request);
}
