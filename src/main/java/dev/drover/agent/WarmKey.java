package dev.drover.agent;

import dev.drover.name.AgentName;
import dev.drover.name.ProjectName;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whose a warm process is: one project's, for one version of one agent. Never another's.
 *
 * @param project empty for what belongs to none: self-tests and hand-written routes
 * @param hash the manifest's
 */
record WarmKey(Optional<ProjectName> project, AgentName agent, Path home, String hash) {
  static WarmKey of(AttemptRequest request) {
    AgentManifest manifest = request.manifest();
    return new WarmKey(
        request.identity().project(), manifest.name(), manifest.home(), manifest.hash());
  }
}
