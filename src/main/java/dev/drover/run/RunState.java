package dev.drover.run;

/** The states of a run. */
public enum RunState {
  QUEUED,
  RUNNING,
  WAITING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  TIMED_OUT;

  /** Whether the run is over. */
  public boolean isEnded() {
    return switch (this) {
      case QUEUED, RUNNING, WAITING -> false;
      case SUCCEEDED, FAILED, CANCELLED, TIMED_OUT -> true;
    };
  }
}
