package dev.drover.agent.dagger;

import java.time.Duration;
import java.util.Map;

/**
 * How sessions are had.
 *
 * @param environment where to look for them, and what the CLI gets
 * @param startLimit how long a session may take to be there: a cold engine takes minutes
 * @param patience how long to wait after a failed start before the next
 * @param renewal after which time a session of our own makes way for a new one: the engine keeps
 *     all logs and spans of a session as long as it lives
 */
public record SessionSettings(
    Map<String, String> environment, Duration startLimit, Duration patience, Duration renewal) {
  /** With the patience of Dagger's own SDKs: up to 300 seconds. */
  public static SessionSettings of(Map<String, String> environment) {
    return new SessionSettings(
        environment, Duration.ofSeconds(300), Duration.ofSeconds(1), Duration.ofHours(1));
  }

  public SessionSettings {
    environment = Map.copyOf(environment);
  }

  @Override
  public String toString() {
    return "SessionSettings[startLimit=" + startLimit + "]"; // the environment holds secrets
  }
}
