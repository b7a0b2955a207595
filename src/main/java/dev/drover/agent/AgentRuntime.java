package dev.drover.agent;

import java.nio.file.Path;
import java.util.Optional;

/** Where agents are executed. The contract with the agent is the same in all of them. */
public interface AgentRuntime extends AutoCloseable {
  /** The name that configuration and journal use. */
  String name();

  /** Why the agent's command cannot be started here; empty if nothing speaks against it. */
  Optional<String> missing(AgentManifest manifest);

  /** Starts an attempt as soon as there is room for it; returns at once. */
  RunningAttempt start(AttemptRequest request);

  /**
   * Tells that the server's lease was renewed. From the first call on, agents are killed when the
   * renewals stay away for {@link RuntimeSettings#leash()}, even if this process stands still, and
   * when this process ends. Never called, it has no effect. Returns at once.
   *
   * @param askedAt {@link System#nanoTime()} from before the lease was asked for: it holds from
   *     then
   */
  void leaseRenewed(long askedAt);

  /**
   * The agent of a folder has changed or has gone: what was started for attempts to come is ended.
   * Attempts that run go on. Returns at once.
   */
  default void forget(Path home) {}

  /**
   * An attempt has succeeded that any number of others may follow: what can be done to let those
   * start sooner is done now, by running it once more if need be. Returns at once.
   */
  default void learn(AttemptRequest selfTest) {}

  /** Kills what runs, cancels what waits. */
  @Override
  void close();
}
