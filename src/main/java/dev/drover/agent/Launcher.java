package dev.drover.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The few lines of shell that do what must be done in the sandbox's own process before it is one:
 * set the kernel's limits, enter its control groups, and open the file that holds its filter of
 * system calls. One shell does it all because each further program costs a millisecond.
 */
final class Launcher {
  /** Where the filter is open; a shell knows descriptors of one digit only. */
  static final String FILTER = "9";

  /** The words: the limits, the filter or nothing, the doors of groups, {@code --}, the command. */
  private static final String SCRIPT =
      """
      for limit in $1; do
        ulimit "${limit%=*}" "${limit#*=}" || exit 126
      done
      filter=$2
      shift 2
      while [ "$1" != -- ]; do
        { echo 0 >"$1"; } 2>/dev/null || {
          echo "sandbox: the control group $1 can't be entered; nothing was started" >&2
          exit 126
        }
        shift
      done
      shift
      [ -z "$filter" ] || exec 9<"$filter" || exit 126
      exec "$@"
      """;

  private Launcher() {}

  /**
   * The command with that in front; the process stays the same.
   *
   * @param limits as {@link ResourceLimits#words} gives them
   */
  static List<String> of(
      List<String> limits, Optional<Path> filter, List<Path> doors, List<String> command) {
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sandbox"));
    words.add(String.join(" ", limits));
    words.add(filter.map(Path::toString).orElse(""));
    doors.forEach(door -> words.add(door.toString()));
    words.add("--");
    words.addAll(command);
    return words;
  }
}
