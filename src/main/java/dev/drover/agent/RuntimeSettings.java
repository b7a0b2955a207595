package dev.drover.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What every runtime on this host is set up with.
 *
 * @param libraries what {@code ${agents.classpath}} stands for
 * @param mountRoots where host paths that inputs name may lie; an agent's own folder always may
 * @param maxConcurrent attempts that run at the same time; further ones wait for their turn
 * @param leash how long agents may go on after the server's last {@link AgentRuntime#leaseRenewed
 *     renewal}: the lease less what killing them takes
 * @param hidden folders of the server's own that lie in mount roots and that no agent is shown
 */
public record RuntimeSettings(
    Libraries libraries,
    List<Path> mountRoots,
    Secrets secrets,
    int maxConcurrent,
    Clock clock,
    Duration leash,
    List<Path> hidden) {
  /** The name of the setting that holds the mount roots, for messages. */
  static final String MOUNT_ROOTS = "drover.agent-limits.mount-roots";

  /**
   * What Java agents are started with.
   *
   * @param archives where their classes are archived, so that they start sooner; absent: nowhere
   */
  public record Libraries(List<Path> classpath, Optional<Path> archives) {
    public Libraries {
      classpath = classpath.stream().map(p -> p.toAbsolutePath().normalize()).toList();
      archives = archives.map(p -> p.toAbsolutePath().normalize());
    }
  }

  /** Without archives of classes, and nothing is hidden. */
  public RuntimeSettings(
      List<Path> classpath,
      List<Path> mountRoots,
      Secrets secrets,
      int maxConcurrent,
      Clock clock,
      Duration leash) {
    this(
        new Libraries(classpath, Optional.empty()),
        mountRoots,
        secrets,
        maxConcurrent,
        clock,
        leash,
        List.of());
  }

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
    mountRoots = List.copyOf(mountRoots);
    hidden = List.copyOf(hidden);
    if (maxConcurrent < 1) {
      throw new IllegalArgumentException("maxConcurrent must be at least 1");
    }
    if (leash.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("the leash must be at least a second");
    }
  }

  /** The hidden folders that are there now, links resolved. */
  List<Path> hiddenNow() {
    return hidden.stream().flatMap(folder -> real(folder).stream()).toList();
  }

  private static Optional<Path> real(Path folder) {
    try {
      return Optional.of(folder.toRealPath());
    } catch (IOException e) {
      return Optional.empty(); // what is not there needs no hiding
    }
  }

  /** What {@code ${agents.classpath}} stands for. */
  public List<Path> classpath() {
    return libraries.classpath();
  }
}
