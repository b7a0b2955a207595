package dev.drover.workflow;

import dev.drover.name.NodeId;
import dev.drover.yaml.Position;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A node as it was read, before its names and expressions have been looked at.
 *
 * @param path its path in the document
 * @param subject what stands under {@code kind}: an agent's name, a URI, or a value
 */
record NodeDraft(
    NodeId id,
    String path,
    List<Dependency> dependsOn,
    RunIf runIf,
    Optional<YamlScalar> when,
    String kind,
    Optional<? extends YamlValue> subject,
    Optional<YamlValue> with,
    Optional<Duration> timeout,
    boolean continueOnError) {

  /** The id of another node, and where it stands. */
  record Dependency(String id, Position position, String path) {}

  String pathOf(String key) {
    return path + "." + key;
  }
}
