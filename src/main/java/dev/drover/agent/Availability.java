package dev.drover.agent;

/** Whether an agent can run here. */
public sealed interface Availability {
  /** Its self-test is running; calls wait for its end. */
  record Testing() implements Availability {}

  /**
   * It can.
   *
   * @param selfTested whether a self-test has shown it; else only its command was found
   */
  record Available(boolean selfTested) implements Availability {}

  /** It cannot; {@code reason} says why, and how that is mended where it is known. */
  record Unavailable(String reason) implements Availability {}

  /** In words. */
  default String describe() {
    if (this instanceof Unavailable unavailable) {
      return unavailable.reason();
    } else if (this instanceof Available available) {
      return available.selfTested() ? "self-test passed" : "no self-test";
    }
    return "self-test running";
  }
}
