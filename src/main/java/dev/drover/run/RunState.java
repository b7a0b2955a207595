package dev.drover.run;

/** The states of a run. */
public enum RunState {
  QUEUED,
  RUNNING,
  WAITING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  TIMED_OUT
}
