package dev.drover.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a command is shut off from the host: what the runtimes on one host differ in. */
interface Isolation {
  /** The runtime's name. */
  String name();

  /** Why the agent's command cannot be started, and how that is mended. */
  Optional<String> missing(AgentManifest manifest);

  /** The command line that starts the agent. */
  Launch launch(AgentManifest manifest, List<BoundMount> mounts);

  /** The path under which the agent sees a mount. */
  String visible(BoundMount mount);

  /** Whether the process that is started, and its child, belong to the isolation. */
  boolean wraps();

  /**
   * What is ready to be started.
   *
   * @param searchPath the agent's PATH
   */
  record Launch(List<String> command, Path directory, String searchPath) {}

  /** A mount with the real host path that it stands for. */
  record BoundMount(Path host, String as, boolean readOnly) {}
}
