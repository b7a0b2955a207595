package dev.drover.seccomp;

/** The errors that a refused call answers with. */
final class Errno {
  static final int EPERM = 1;

  /** For what programs try first and do without if the kernel is too old for it. */
  static final int ENOSYS = 38;

  static final int EAFNOSUPPORT = 97;

  private Errno() {}
}
