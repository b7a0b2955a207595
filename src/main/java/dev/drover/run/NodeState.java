package dev.drover.run;

/** The states of a node run. */
public enum NodeState {
  PENDING,
  RUNNING,
  WAITING,
  SUCCEEDED,
  FAILED,
  SKIPPED,
  UPSTREAM_FAILED,
  CANCELLED;

  /** Whether the node has its outcome and has sent its tokens. */
  public boolean isSettled() {
    return switch (this) {
      case PENDING, RUNNING, WAITING -> false;
      case SUCCEEDED, FAILED, SKIPPED, UPSTREAM_FAILED, CANCELLED -> true;
    };
  }
}
