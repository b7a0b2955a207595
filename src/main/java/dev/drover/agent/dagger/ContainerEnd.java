package dev.drover.agent.dagger;

import java.time.Duration;

/** How a container's run ended. */
public sealed interface ContainerEnd {
  /**
   * The program came to its end.
   *
   * @param stderr all of it, or, if not {@code whole}, its last part
   * @param took from the request to its answer
   */
  record Exited(int code, String stdout, String stderr, boolean whole, Duration took)
      implements ContainerEnd {}

  /** The program did not end within its time, and was killed. */
  record TimedOut(Duration took) implements ContainerEnd {}

  /** It wrote more than it may. */
  record TooLarge(Duration took) implements ContainerEnd {}

  /** The engine does not run it, and says why. */
  record Refused(String reason) implements ContainerEnd {}

  /** There is no session, and the reason is not one that passes: nothing was started. */
  record Unavailable(String reason) implements ContainerEnd {}

  /**
   * The engine is gone, or did not come.
   *
   * @param begun whether the program may have been started
   */
  record Lost(String reason, boolean begun, Duration took) implements ContainerEnd {}

  /** It was stopped on request. */
  record Aborted(Duration took) implements ContainerEnd {}
}
