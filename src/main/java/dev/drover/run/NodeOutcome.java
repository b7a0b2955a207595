package dev.drover.run;

import org.jspecify.annotations.Nullable;

/** How a node was settled. */
public sealed interface NodeOutcome {
  /** The state that the outcome means. */
  NodeState state();

  /** It did its work; the output is plain JSON. */
  record Succeeded(@Nullable Object output) implements NodeOutcome {
    @Override
    public NodeState state() {
      return NodeState.SUCCEEDED;
    }
  }

  /** It failed. */
  record Failed(Failure failure) implements NodeOutcome {
    @Override
    public NodeState state() {
      return NodeState.FAILED;
    }
  }

  /** It had no reason to run; {@code reason} says why. */
  record Skipped(String reason) implements NodeOutcome {
    @Override
    public NodeState state() {
      return NodeState.SKIPPED;
    }
  }

  /** It could not run because of what failed before it. */
  record UpstreamFailed(String reason) implements NodeOutcome {
    @Override
    public NodeState state() {
      return NodeState.UPSTREAM_FAILED;
    }
  }

  /** It was stopped on request. */
  record Cancelled(String reason) implements NodeOutcome {
    @Override
    public NodeState state() {
      return NodeState.CANCELLED;
    }
  }
}
