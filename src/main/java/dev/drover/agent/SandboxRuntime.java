package dev.drover.agent;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each attempt in a sandbox of Linux namespaces by bubblewrap: the system's programs
 * read-only, the agent's own folder read-only as {@code /agent}, a private {@code /tmp}, no other
 * file of the host but the mounts, no other process, and no network unless the manifest asks for
 * it.
 */
public final class SandboxRuntime implements AgentRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxRuntime.class);

  private final LocalExecution execution;

  /**
   * Tries bubblewrap and sets the runtime up.
   *
   * @param executor where log listeners are called and results completed; attempts do not hold its
   *     threads
   * @throws IllegalStateException if there can be no sandbox here; the message says why
   */
  public SandboxRuntime(RuntimeSettings settings, Executor executor) {
    Bubblewrap.Finding finding = Bubblewrap.find();
    Bubblewrap bubblewrap =
        finding.usable().orElseThrow(() -> new IllegalStateException(finding.reason()));
    Isolation isolation = new BubblewrapIsolation(equipment(bubblewrap), settings);
    execution = LocalExecution.of(isolation, settings, executor);
  }

  /** The same with less than this host may offer. */
  SandboxRuntime(
      BubblewrapIsolation.Equipment equipment, RuntimeSettings settings, Executor executor) {
    Isolation isolation = new BubblewrapIsolation(equipment, settings);
    execution = LocalExecution.of(isolation, settings, executor);
  }

  /** What else this host offers, with a word in the log about what it does not. */
  private static BubblewrapIsolation.Equipment equipment(Bubblewrap bubblewrap) {
    SeccompFiles.Finding filters = SeccompFiles.find(bubblewrap);
    ControlGroups.Finding groups = ControlGroups.find();
    if (filters.usable().isEmpty()) {
      LOG.atWarn()
          .addKeyValue("reason", filters.reason())
          .log(
              "Agents' system calls are not filtered: a hole in the kernel is a hole in the sandbox");
    }
    if (groups.usable().isEmpty()) {
      LOG.atWarn()
          .addKeyValue("reason", groups.reason())
          .log("Agents' memory and processes are bounded by a watch, their processor time is not");
    }
    LOG.atInfo()
        .addKeyValue("seccomp", filters.usable().isPresent() ? "on" : "off")
        .addKeyValue("bounds", groups.usable().map(g -> "cgroup " + g.version()).orElse("watch"))
        .log("Agents run in the sandbox");
    return new BubblewrapIsolation.Equipment(bubblewrap, filters.usable(), groups.usable());
  }

  /**
   * Why there can be no sandbox here, and how that is mended; empty if there can. It really tries,
   * which takes some 20 ms.
   */
  public static Optional<String> unavailable() {
    Bubblewrap.Finding finding = Bubblewrap.find();
    return finding.usable().isPresent() ? Optional.empty() : Optional.of(finding.reason());
  }

  @Override
  public String name() {
    return execution.isolation().name();
  }

  @Override
  public Optional<String> missing(AgentManifest manifest) {
    return execution.isolation().missing(manifest);
  }

  @Override
  public RunningAttempt start(AttemptRequest request) {
    return execution.start(request);
  }

  @Override
  public void forget(Path home) {
    execution.forget(home);
  }

  @Override
  public void learn(AttemptRequest selfTest) {
    execution.learn(selfTest);
  }

  @Override
  public void leaseRenewed(long askedAt) {
    execution.leash().renewed(askedAt);
  }

  @Override
  public void close() {
    execution.close();
  }
}
