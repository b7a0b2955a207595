package dev.drover.agent.dagger;

import dev.drover.agent.dagger.ContainerSpec.Bounds;
import java.util.ArrayList;
import java.util.List;

/**
 * What bounds a program from inside its container: Dagger itself sets an exec no limit at all. It
 * is made of what the image has; an image without a shell has none of it, and its programs run all
 * the same, bounded from outside only.
 *
 * @param shell whether there is a {@code /bin/sh}
 * @param timeout whether there is a {@code timeout} that kills after a grace
 * @param prlimit whether there is a {@code prlimit}
 * @param head whether there is a {@code head -c}
 */
record Wrapping(boolean shell, boolean timeout, boolean prlimit, boolean head) {
  static final Wrapping NONE = new Wrapping(false, false, false, false);

  /** The exit code that says: more output than is allowed. */
  static final int TOO_MUCH = 120;

  /** Seconds from SIGTERM to SIGKILL. */
  static final int GRACE_SECONDS = 2;

  /** All containers of an engine share the count of a user's processes, so it is a loose one. */
  private static final int PROCESSES = 4096;

  /** Finds out what there is; its words are {@link #of}'s. */
  static final List<String> PROBE =
      List.of(
          "/bin/sh",
          "-c",
          """
          echo shell
          timeout -k 1 5 true 2>/dev/null && echo timeout
          prlimit --core=0 -- true 2>/dev/null && echo prlimit
          printf xy 2>/dev/null | head -c 1 >/dev/null 2>&1 && echo head
          exit 0
          """);

  /**
   * Passes on as much of stdout as is allowed, and the program's exit code. The program inherits
   * stdin, and none of the descriptors that this needs; what the shell itself would say of a killed
   * program is no line of the program's log.
   */
  private static final String BOUNDED =
      """
      limit=$1
      shift
      exec 4>&1 5>&2
      said=$( { { ( exec 2>&5 3>&- 4>&- 5>&-; exec "$@" ); echo c$? >&3; } 2>/dev/null |
        { head -c "$limit" >&4; echo m$(head -c 1 | wc -c) >&3; }; } 3>&1 )
      case $said in *m1*) exit 120;; esac
      code=${said#*c}
      exit $((${code%%m*}))
      """;

  /** Reads what the probe said. */
  static Wrapping of(String said) {
    List<String> words = said.lines().map(String::strip).toList();
    return words.contains("shell")
        ? new Wrapping(
            true, words.contains("timeout"), words.contains("prlimit"), words.contains("head"))
        : NONE;
  }

  /** The command that runs a program within its bounds. */
  List<String> around(List<String> program, Bounds bounds) {
    List<String> command = new ArrayList<>();
    if (head) {
      command.addAll(List.of("/bin/sh", "-c", BOUNDED, "drover", String.valueOf(bounds.output())));
    }
    if (timeout) {
      String seconds = String.valueOf(Math.max(1, (bounds.timeout().toMillis() + 999) / 1000));
      command.addAll(List.of("timeout", "-k", String.valueOf(GRACE_SECONDS), seconds));
    }
    if (prlimit) {
      command.addAll(List.of("prlimit", "--core=0", "--nproc=" + PROCESSES));
      if (bounds.memory() > 0) {
        command.add("--data=" + bounds.memory());
      }
      command.add("--");
    }
    command.addAll(program);
    return command;
  }
}
