package dev.drover.run;

import dev.drover.run.Journal.WorkflowKey;
import java.util.Optional;

/**
 * An attempt of an agent that is over.
 *
 * @param workflow whose run it was of; absent: a route called the agent
 * @param state SUCCEEDED, FAILED or CANCELLED
 */
public record Attempted(
    Optional<WorkflowKey> workflow, String agent, String runtime, NodeState state, Usage usage) {}
