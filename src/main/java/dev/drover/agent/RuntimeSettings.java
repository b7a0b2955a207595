package dev.drover.agent;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * What every runtime on this host is set up with.
 *
 * @param classpath what {@code ${agents.classpath}} stands for
 * @param mountRoots where host paths that inputs name may lie; an agent's own folder always may
 * @param maxConcurrent attempts that run at the same time; further ones wait for their turn
 * @param leash how long agents may go on after the server's last {@link AgentRuntime#leaseRenewed
 *     renewal}: the lease less what killing them takes
 */
public record RuntimeSettings(
    List<Path> classpath,
    List<Path> mountRoots,
    Secrets secrets,
    int maxConcurrent,
    Clock clock,
    Duration leash) {
  /** The name of the setting that holds the mount roots, for messages. */
  static final String MOUNT_ROOTS = "drover.agent-limits.mount-roots";

  /** With the leash that fits a lease of ten seconds: eight. */
  public RuntimeSettings(
      List<Path> classpath,
      List<Path> mountRoots,
      Secrets secrets,
      int maxConcurrent,
      Clock clock) {
    this(classpath, mountRoots, secrets, maxConcurrent, clock, Duration.ofSeconds(8));
  }

  public RuntimeSettings {
    classpath = classpath.stream().map(p -> p.toAbsolutePath().normalize()).toList();
    mountRoots = List.copyOf(mountRoots);
    if (maxConcurrent < 1) {
      throw new IllegalArgumentException("maxConcurrent must be at least 1");
    }
    if (leash.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("the leash must be at least a second");
    }
  }
}
