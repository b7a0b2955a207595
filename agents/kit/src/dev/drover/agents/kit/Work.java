package dev.drover.agents.kit;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What an agent does with one input. A warm process calls it for many attempts, one after another,
 * so nothing of one may stay for the next.
 */
@FunctionalInterface
public interface Work {
  /**
   * Does it once.
   *
   * @return the output, as the manifest's {@code output} schema wants it
   * @throws BadInput if the input can't be used
   * @throws WorkFailure if the work could not be done, now or ever
   */
  JsonNode run(InputObject input, Call call) throws BadInput, WorkFailure;
}
