package dev.drover.server;

import dev.drover.server.Settings.RuntimeChoice;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether agents run isolated. To do without is for development: a server that others can reach
 * does it only if somebody has said so, and never because a program is missing.
 */
final class IsolationRule {
  private static final Logger LOG = LoggerFactory.getLogger(IsolationRule.class);

  private IsolationRule() {}

  /**
   * Decides, with a warning if the answer is no.
   *
   * @param obstacle tries whether there can be a sandbox, and says why not
   * @throws NoSandbox if the server had better not start
   */
  static boolean isolates(RuntimeChoice choice, String bind, Supplier<Optional<String>> obstacle) {
    if (choice == RuntimeChoice.PROCESS) {
      warn("it was chosen");
      return false;
    }
    Optional<String> reason = obstacle.get();
    if (reason.isEmpty()) {
      return true;
    } else if (choice == RuntimeChoice.SANDBOX) {
      throw new NoSandbox(reason.get());
    } else if (!Loopback.is(bind)) {
      throw new NoSandbox(
          reason.get()
              + "; a server that listens on "
              + bind
              + " does not run agents without isolation unless it is told to: --runtime process");
    }
    warn(reason.get());
    return false;
  }

  private static void warn(String reason) {
    LOG.atWarn()
        .addKeyValue("reason", reason)
        .log(
            "Agents run WITHOUT isolation: they can read, change and reach what this server can, and"
                + " see its processes. Not kept are network, mounts, resources.cpus and"
                + " resources.tmp; memory and processes are kept by a watch");
  }
}
