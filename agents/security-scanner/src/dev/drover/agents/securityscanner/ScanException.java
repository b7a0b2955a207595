package dev.drover.agents.securityscanner;

/**
 * The scan can't be done. The message is the last line on stderr: what is wrong, and how to mend
 * it.
 */
final class ScanException extends RuntimeException {
  private static final long serialVersionUID = 1;

  static final int BAD_INPUT = 2;
  static final int BROKEN = 1;

  /** Trying again may help. */
  static final int TEMPORARY = 75;

  private final int exitCode;

  ScanException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
