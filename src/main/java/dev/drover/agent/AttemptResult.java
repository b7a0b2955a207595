package dev.drover.agent;

import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. Secrets are masked in whatever it holds. */
public sealed interface AttemptResult {
  /** The name of the runtime that had it. */
  String runtime();

  /** From the start of the process to its end; zero if none was started. */
  Duration duration();

  /** The output conforms to the agent's schema. */
  record Succeeded(@Nullable Object output, String runtime, Duration duration)
      implements AttemptResult {}

  /**
   * It failed.
   *
   * @param temporary whether the agent itself says that another try may succeed
   * @param exitCode the process's, if it came to one of its own accord
   */
  record Failed(
      FailureType type,
      String message,
      boolean temporary,
      OptionalInt exitCode,
      String runtime,
      Duration duration)
      implements AttemptResult {

    /** A failure before any process was started. */
    static Failed early(FailureType type, String message, String runtime) {
      return new Failed(type, message, false, OptionalInt.empty(), runtime, Duration.ZERO);
    }
  }

  /** It was stopped on request. */
  record Cancelled(String reason, String runtime, Duration duration) implements AttemptResult {}
}
