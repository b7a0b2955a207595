package dev.drover.alert;

import dev.drover.run.RunId;
import dev.drover.run.RunTrace;
import dev.drover.run.TraceParent;
import dev.drover.run.Tracing;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the runs of deliveries are in traces: in that of their delivery, so that one trace leads
 * from the alert to what was done. A storm's would be too many for one: each of them gets a trace
 * of its own, with a link.
 *
 * @param listener hears of deliveries that are stored
 */
public record IntakeTraces(Tracing tracing, Listener listener) {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeTraces.class);

  /** More runs than this of one delivery are a storm. */
  public static final int MOST_IN_ONE = 10;

  /** Nothing is traced. */
  public static final IntakeTraces OFF =
      new IntakeTraces(Tracing.OFF, (place, receipt, result, times) -> {});

  /** Hears of deliveries, after they are durable. Must be quick and can't veto anything. */
  @FunctionalInterface
  public interface Listener {
    /** A delivery was stored, whose request was traced. */
    void stored(TraceParent intake, Receipt receipt, IntakeResult result, Times times);
  }

  /** From when to when it was stored. */
  public record Times(Instant begun, Instant ended) {}

  /** The place of the request that is being answered. */
  Optional<TraceParent> current() {
    return tracing.current();
  }

  /** Gives the runs that are wanted their places. */
  Matches under(Optional<TraceParent> cause, Matches matches) {
    boolean storm = matches.wanted().size() > MOST_IN_ONE;
    return matches.traced(
        run ->
            cause.isPresent() && !storm
                ? cause.map(parent -> RunTrace.under(parent, run))
                : own(run, cause));
  }

  private Optional<RunTrace> own(RunId run, Optional<TraceParent> cause) {
    return tracing.own(run, cause);
  }

  IntakeResult stored(Receipt receipt, IntakeResult result, Instant begun, Instant ended) {
    try {
      receipt
          .intakeTrace()
          .ifPresent(place -> listener.stored(place, receipt, result, new Times(begun, ended)));
    } catch (RuntimeException | Error e) { // the delivery is durable, whatever is told of it
      LOG.atError().setCause(e).log("A listener of deliveries failed");
    }
    return result;
  }
}
