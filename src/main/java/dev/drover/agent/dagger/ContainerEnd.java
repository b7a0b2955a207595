package dev.drover.agent.dagger;

import java.time.Duration;

/** How a container's run ended. */
public sealed interface ContainerEnd {
  /** From the request to the program's end; zero if and only if none can have been started. */
  Duration took();

  /**
   * The program came to its end.
   *
   * @param stderr all of it, or, if not {@code whole}, its last part
   */
  record Exited(int code, String stdout, String stderr, boolean whole, Duration took)
      implements ContainerEnd {}

  /** The program did not end within its time, and was killed. */
  record TimedOut(Duration took) implements ContainerEnd {}

  /** It wrote more than it may. */
  record TooLarge(Duration took) implements ContainerEnd {}

  /**
   * The engine says no: to running it or, if it took time, to what belongs after that, so that
   * nothing came of the run.
   */
  record Refused(String reason, Duration took) implements ContainerEnd {}

  /** There is no session, and the reason is not one that passes: nothing was started. */
  record Unavailable(String reason) implements ContainerEnd {
    @Override
    public Duration took() {
      return Duration.ZERO;
    }
  }

  /**
   * The engine is gone, or did not come.
   *
   * @param begun whether the program may have been started
   */
  record Lost(String reason, boolean begun, Duration took) implements ContainerEnd {}

  /** It was stopped on request. */
  record Aborted(Duration took) implements ContainerEnd {}
}
