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
 */
record NodeDraft(
    NodeId id,
    String path,
    List<Dependency> dependsOn,
    RunIf runIf,
    Optional<YamlScalar> when,
    Optional<StepDraft> step,
    Optional<Duration> timeout,
    boolean continueOnError,
    Optional<RetryReader.Draft> retry,
    Optional<Items> forEach,
    Optional<Undoing> undo) {

  /** The id of another node, and where it stands. */
  record Dependency(String id, Position position, String path) {}

  /** The list that a node works on, and how many items of it at a time. */
  record Items(YamlValue list, int maxParallel) {}

  /** What undoes the node, and how long that may take. */
  record Undoing(StepDraft step, Optional<Duration> timeout) {}

  String pathOf(String key) {
    return path + "." + key;
  }
}
