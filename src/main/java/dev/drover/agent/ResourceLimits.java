package dev.drover.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's own limits, set with {@code prlimit} where it is installed. They bound what a
 * process can take between two looks of the {@link ResourceWatch}, which is what enforces the
 * manifest.
 */
final class ResourceLimits {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  private final Optional<Path> nice = CommandLine.onPath("nice");
  private final Optional<Path> prlimit = CommandLine.onPath("prlimit").filter(p -> mayRaise());
  private final boolean countsBySandbox = countsBySandbox();

  /** What stands before a command so that it runs within the limits. */
  List<String> prefix(AgentManifest.Limits limits) {
    // Address space that is reserved but never touched counts here, so the bound is a loose one.
    long data = limits.memory() * 2 + (512L << 20);
    List<String> prefix = new ArrayList<>();
    // However many they are, they must not starve the thread that counts them.
    nice.ifPresent(n -> prefix.addAll(List.of(n.toString(), "-n", "10")));
    prlimit.ifPresent(
        p -> prefix.addAll(List.of(p.toString(), "--data=" + data, "--core=0", "--")));
    return prefix;
  }

  /** The same within a sandbox, where the kernel counts the sandbox's own processes alone. */
  List<String> inside(AgentManifest.Limits limits) {
    String count = "--nproc=" + limits.pids() * 4L; // the watch, which tells why, comes first
    return countsBySandbox && prlimit.isPresent() ? List.of("prlimit", count, "--") : List.of();
  }

  /**
   * Since Linux 5.14 processes are counted by user namespace; before that, the server's own would
   * count too. Root's are never limited, not even in a sandbox.
   */
  private static boolean countsBySandbox() {
    Matcher version = VERSION.matcher(System.getProperty("os.version"));
    try {
      return version.matches()
          && Integer.parseInt(version.group(1)) * 1_000 + Integer.parseInt(version.group(2))
              >= 5_014
          && !Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false; // no Linux
    }
  }

  /** A hard limit that is lower already is left as it is. */
  private static boolean mayRaise() {
    try {
      return Files.readAllLines(Path.of("/proc/self/limits")).stream()
          .filter(line -> line.startsWith("Max data size"))
          .anyMatch(line -> line.trim().matches(".*unlimited +bytes"));
    } catch (IOException e) {
      return false; // no Linux
    }
  }
}
