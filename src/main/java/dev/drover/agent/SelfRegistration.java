package dev.drover.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The few lines of shell by which an attempt's process registers itself at the watchdog. */
final class SelfRegistration {
  /**
   * Without the watchdog nothing is started; the exit code asks to be tried again. A subshell
   * writes, because the process itself is known by its stdout: it must never be another's pipe.
   */
  private static final String SCRIPT =
      """
      (echo "+$2 $$" >"$1") 2>/dev/null || {
        echo "leash: the watchdog of agents has gone; nothing was started" >&2
        exit 75
      }
      shift 2
      exec "$@"
      """;

  private SelfRegistration() {}

  /** The command with that in front; the process stays the same. */
  static List<String> of(Path door, long id, List<String> command) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("/bin/sh", "-c", SCRIPT, "leash", door.toString(), String.valueOf(id)));
    words.addAll(command);
    return words;
  }
}
