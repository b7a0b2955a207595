package dev.drover.run;

import java.util.Map;

/**
 * Why a run is ended before all its nodes had their turn.
 *
 * @param state CANCELLED or TIMED_OUT
 * @param reason for a person
 */
public record RunStop(RunState state, String reason) {
  /** As the data of a signal says. */
  public static RunStop cancelled(Map<String, Object> data) {
    Object reason = data.getOrDefault("reason", "on request");
    return new RunStop(RunState.CANCELLED, "cancelled: " + reason + by(data));
  }

  static RunStop timedOut(String timeout) {
    return new RunStop(RunState.TIMED_OUT, "it took longer than its timeout of " + timeout);
  }

  private static String by(Map<String, Object> data) {
    return data.get("by") instanceof String who && !who.isBlank() ? " (by " + who + ")" : "";
  }
}
