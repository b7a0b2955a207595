package dev.drover.run;

import java.util.Optional;

/**
 * Where a run is in a trace. It is decided when the run is opened and stored with it, so that its
 * trace goes on whoever carries it.
 *
 * @param place of the run's own span
 * @param parentSpan of the same trace, beneath which it is; absent: it is the trace's first
 * @param link to what it has to do with in another trace
 */
public record RunTrace(TraceParent place, Optional<String> parentSpan, Optional<TraceParent> link) {

  /** Beneath what opens it, in the same trace. */
  public static RunTrace under(TraceParent parent, RunId run) {
    return new RunTrace(
        parent.withSpan(SpanIds.run(run)), Optional.of(parent.spanId()), Optional.empty());
  }

  /** In a trace of its own. */
  public static RunTrace own(RunId run, boolean sampled, Optional<TraceParent> link) {
    TraceParent place = new TraceParent(SpanIds.trace(run), SpanIds.run(run), sampled);
    return new RunTrace(place, Optional.empty(), link);
  }

  /** The same with a link. */
  public RunTrace linked(Optional<TraceParent> other) {
    return new RunTrace(place, parentSpan, other);
  }

  /** That of a run as it was stored; none if that is no trace context. */
  public static Optional<RunTrace> stored(
      Optional<String> place, Optional<String> parentSpan, Optional<String> link) {
    return place
        .flatMap(TraceParent::of)
        .map(
            own ->
                new RunTrace(
                    own, parentSpan.filter(TraceParent::isSpanId), link.flatMap(TraceParent::of)));
  }
}
