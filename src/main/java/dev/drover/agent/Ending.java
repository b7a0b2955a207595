package dev.drover.agent;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is known of an attempt that is over, whatever its output.
 *
 * @param exitCode the process's, if it has ended
 * @param logTail the last few lines
 * @param refusals the hosts that it asked for and was refused
 * @param hasLapsed whether the server's lease ran out at some moment of the process's life
 */
record Ending(
    OptionalInt exitCode,
    List<String> logTail,
    SecretMask mask,
    Duration duration,
    boolean hasLapsed,
    List<String> refusals) {
  Ending {
    refusals = List.copyOf(refusals);
  }
}
