package dev.drover.chaos;

import java.time.Instant;

/** Something that the suite did to the system, when, and to what. */
record Fault(Instant at, Kind kind, String target) {
  /** What can be done to it. */
  enum Kind {
    KILL_REPLICA("replica killed (SIGKILL)"),
    KILL_STARTING("replica killed while it starts"),
    PAUSE_SHORT("replica paused for 3 s (SIGSTOP)"),
    PAUSE_LONG("replica paused for about a lease, or 15 s"),
    STOP_REPLICA("replica stopped (SIGTERM)"),
    RESTART_DATABASE("PostgreSQL restarted (-m immediate)"),
    STOP_DATABASE("PostgreSQL away"),
    KILL_AGENT("agent killed (SIGKILL)");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }
}
