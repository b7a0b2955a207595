package dev.drover.agents.kit;

/** The work could not be done; the message becomes the last line of the log. */
public final class WorkFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean temporary;

  private WorkFailure(String message, boolean temporary) {
    super(message);
    this.temporary = temporary;
  }

  /** Trying again won't help. */
  public static WorkFailure permanent(String message) {
    return new WorkFailure(message, false);
  }

  /** Trying again later may help. */
  public static WorkFailure temporary(String message) {
    return new WorkFailure(message, true);
  }

  /** Whether another attempt may succeed. */
  public boolean isTemporary() {
    return temporary;
  }
}
