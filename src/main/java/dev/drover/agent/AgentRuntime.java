package dev.drover.agent;

import java.util.Optional;

/** Where agents are executed. The contract with the agent is the same in all of them. */
public interface AgentRuntime extends AutoCloseable {
  /** The name that configuration and journal use. */
  String name();

  /** Why the agent's command cannot be started here; empty if nothing speaks against it. */
  Optional<String> missing(AgentManifest manifest);

  /** Starts an attempt as soon as there is room for it; returns at once. */
  RunningAttempt start(AttemptRequest request);

  /** Kills what runs, cancels what waits. */
  @Override
  void close();
}
