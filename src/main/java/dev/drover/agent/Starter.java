package dev.drover.agent;

import dev.drover.agent.AgentManifest.Mount;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Starts attempts in the runtime: those that have to do with files on the way that these need.
 *
 * @param callbacks where results are told
 */
public record Starter(AgentRuntime runtime, AttemptFolders folders, Executor callbacks) {

  /** Starts an attempt as soon as its files are there; returns at once. */
  public RunningAttempt start(AttemptRequest request, AttemptFiles files) {
    return FiledAttempt.isNeeded(request)
        ? new FiledAttempt(request, files, runtime, folders, callbacks).begin()
        : runtime.start(request);
  }

  /** The input as the agent will see it: paths in the place of artifacts. */
  static Map<String, Object> shown(AgentManifest manifest, Map<String, Object> input) {
    Map<String, Object> shown = new LinkedHashMap<>(input);
    for (Mount mount : manifest.access().mounts()) {
      if (FileNames.referenced(input.get(mount.input())).isPresent()) {
        shown.put(mount.input(), mount.as());
      }
    }
    return shown;
  }
}
