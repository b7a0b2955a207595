package dev.drover.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's own limits, set with {@code prlimit} where it is installed. They bound what a
 * process can take between two looks of the {@link ResourceWatch}, which is what enforces the
 * manifest.
 */
final class ResourceLimits {
  private final Optional<Path> prlimit;

  private ResourceLimits(Optional<Path> prlimit) {
    this.prlimit = prlimit;
  }

  static ResourceLimits ofHost() {
    return new ResourceLimits(CommandLine.onPath("prlimit").filter(p -> mayRaise()));
  }

  /** What stands before a command so that it runs within the limits. */
  List<String> prefix(AgentManifest.Limits limits) {
    // Address space that is reserved but never touched counts here, so the bound is a loose one.
    long data = limits.memory() * 2 + (512L << 20);
    return prlimit
        .map(p -> List.of(p.toString(), "--data=" + data, "--core=0", "--"))
        .orElse(List.of());
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
