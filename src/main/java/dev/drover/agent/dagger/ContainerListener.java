package dev.drover.agent.dagger;

/**
 * Hears what a program writes while it runs. Called by the session's threads, one at a time for one
 * container; it must be quick.
 */
@FunctionalInterface
public interface ContainerListener {
  /** A piece of stderr, in the order in which it was written. */
  void wrote(String stderr);
}
