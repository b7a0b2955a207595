package dev.drover.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a command is shut off from the host: what the runtimes on one host differ in. */
interface Isolation extends AutoCloseable {
  /** The runtime's name. */
  String name();

  /** Why the agent's command cannot be started, and how that is mended. */
  Optional<String> missing(AgentManifest manifest);

  /**
   * The command line that starts the agent. Its bounds must be released, whatever comes of it.
   *
   * @throws IOException if something that it needs cannot be had now
   */
  Launch launch(AgentManifest manifest, List<BoundMount> mounts) throws IOException;

  /** The path under which the agent sees a mount. */
  String visible(BoundMount mount);

  /** Whether the process that is started, and its child, belong to the isolation. */
  boolean wraps();

  /** Whether an agent that is shown a folder can be kept from seeing a part of it. */
  default boolean hides() {
    return true;
  }

  /** Gives back what all attempts shared. */
  @Override
  void close();

  /**
   * What is ready to be started.
   *
   * @param searchPath the agent's PATH
   * @param env further variables for the agent; they win over the manifest's
   */
  record Launch(
      List<String> command,
      Path directory,
      String searchPath,
      Map<String, String> env,
      Bounds bounds) {}

  /** A mount with the real host path that it stands for. */
  record BoundMount(Path host, String as, boolean readOnly) {}
}
