package dev.drover.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A run as the journal has it, loaded to be carried forward.
 *
 * @param epoch of this take-up
 * @param how it came to be taken up
 * @param depth how many runs are above it
 * @param trace where it is in a trace, if it is traced
 * @param past what has happened to its nodes
 */
public record LiveRun(
    RunId id,
    VersionId version,
    int epoch,
    RunEvent.TakeUp how,
    Map<String, Object> trigger,
    Map<String, Object> inputs,
    Instant startedAt,
    int depth,
    Optional<RunTrace> trace,
    Past past) {

  /**
   * What has happened to the nodes of a run so far.
   *
   * @param settled the outcomes that are durable, in the order of their times
   * @param attempts how often each was tried so far
   * @param begun when each began, as far as it did
   * @param interrupted those that were running when the run was last left
   * @param waits those that wait
   * @param signals what the run is to be told
   */
  public record Past(
      List<Settled> settled,
      Map<NodeItem, Integer> attempts,
      Map<NodeItem, Instant> begun,
      Set<NodeItem> interrupted,
      Map<NodeItem, Wait> waits,
      List<Signal> signals) {
    /** Nothing has happened. */
    public static final Past NONE =
        new Past(List.of(), Map.of(), Map.of(), Set.of(), Map.of(), List.of());

    public Past {
      settled = List.copyOf(settled);
      attempts = Map.copyOf(attempts);
      begun = Map.copyOf(begun);
      interrupted = Set.copyOf(interrupted);
      waits = Map.copyOf(waits);
      signals = List.copyOf(signals);
    }
  }

  /** A durable outcome. */
  public record Settled(NodeItem node, NodeOutcome outcome) {}

  /** A run that was just opened: nothing of it has happened yet. */
  public static LiveRun begun(RunRequest request, int epoch, Instant startedAt) {
    return new LiveRun(
        request.id(),
        request.versionId(),
        epoch,
        RunEvent.TakeUp.BEGUN,
        request.trigger(),
        request.inputs(),
        startedAt,
        request.parent().map(RunRequest.Parent::depth).orElse(0),
        request.trace(),
        Past.NONE);
  }

  /** As those see it who hear of it. */
  public RunEvent.Subject subject() {
    return new RunEvent.Subject(id, version, trace);
  }

  /** The attempts that were running when it was last left. */
  List<Attempted.Place> interrupted() {
    return past.interrupted().stream()
        .sorted()
        .map(node -> new Attempted.Place(subject(), node, past.attempts().getOrDefault(node, 0)))
        .toList();
  }

  /** Whether it was left before and goes on now. */
  public boolean isResumed() {
    return !past.equals(Past.NONE);
  }

  /** When it began, if it may not take longer than {@code timeout}. */
  Optional<Instant> deadline(Optional<java.time.Duration> timeout) {
    return timeout.map(startedAt::plus);
  }
}
