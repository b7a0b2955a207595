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
  CANCELLED
}
