package dev.drover.agent;

import org.jspecify.annotations.Nullable;

/** What the supervisor looks after, on its own thread. */
interface Supervised {
  /** Goes on with whatever there is to do, and never waits. */
  Pumped tick(long now, byte[] buffer);

  /** Ends it at once because it broke a bound. */
  void stop(FailureType type, String message);

  /** Ends it on request. */
  void stop(String reason);

  /** Whether it needs the supervisor no more. */
  boolean hasEnded();

  /** The process that it is answerable for, if it has one. */
  @Nullable LiveProcess live();

  AgentManifest.Limits limits();
}
