package dev.drover.agent;

/** Files that an attempt names can't be had, or can't be kept, and another try changes nothing. */
public final class FilesRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private final FailureType type;

  /** Says why. */
  public FilesRefused(FailureType type, String message) {
    super(message);
    this.type = type;
  }

  /** What the attempt fails with. */
  public FailureType type() {
    return type;
  }

  /** The reason. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
