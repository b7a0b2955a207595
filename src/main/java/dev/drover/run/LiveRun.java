package dev.drover.run;

import dev.drover.name.NodeId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * A run as the journal has it, loaded to be carried forward.
 *
 * @param epoch of this take-up
 * @param settled the outcomes that are durable
 * @param attempts how often each node was tried so far
 * @param interrupted nodes that were running when the run was last left
 */
public record LiveRun(
    RunId id,
    VersionId version,
    int epoch,
    Map<String, Object> trigger,
    Map<String, Object> inputs,
    Instant startedAt,
    Map<NodeId, NodeOutcome> settled,
    Map<NodeId, Integer> attempts,
    Set<NodeId> interrupted) {
  public LiveRun {
    settled = Map.copyOf(settled);
    attempts = Map.copyOf(attempts);
    interrupted = Set.copyOf(interrupted);
  }

  /** A run that was just opened: nothing of it has happened yet. */
  public static LiveRun begun(RunRequest request, int epoch, Instant startedAt) {
    return new LiveRun(
        request.id(),
        new VersionId(request.project(), request.workflow(), request.version()),
        epoch,
        request.trigger(),
        request.inputs(),
        startedAt,
        Map.of(),
        Map.of(),
        Set.of());
  }
}
