package dev.drover.run;

import dev.drover.name.NodeId;
import java.util.Map;
import java.util.Optional;

/**
 * Something that a run in flight or waiting is to be told, whichever server carries it. It is
 * durable until it was heard, and is told again after a crash; hearing it twice does nothing.
 *
 * @param node the node that waits for it; empty: it is for the run itself
 * @param item of the node's {@code forEach}; empty: the node itself
 */
public record Signal(
    RunId run, Optional<NodeId> node, String item, Kind kind, Map<String, Object> data) {
  /** What there is to tell. */
  public enum Kind {
    /** Stop, and end as CANCELLED; {@code reason} and {@code by} say why. */
    CANCEL,
    /** A person said yes; {@code by}, {@code comment}, {@code at}. */
    APPROVED,
    /** A person said no; {@code by}, {@code comment}, {@code at}. */
    REJECTED,
    /** The alert is over: {@code resolved} is whether it was resolved, {@code at} when. */
    RESOLVED,
    /** The sub-workflow's run has ended. */
    CHILD_ENDED
  }

  /** For a run itself. */
  public static Signal toRun(RunId run, Kind kind, Map<String, Object> data) {
    return new Signal(run, Optional.empty(), "", kind, data);
  }
}
