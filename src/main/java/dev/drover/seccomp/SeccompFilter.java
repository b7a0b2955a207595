package dev.drover.seccomp;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/**
 * The system calls that are refused to a program which is shut off: those that reach other
 * processes, change namespaces and mounts, or open parts of the kernel that programs do not need
 * and that have had the most holes. Everything else is allowed, so that JVMs, Node and Python run.
 */
public final class SeccompFilter {
  private static final List<String> REFUSED =
      List.of(
          // other processes
          "ptrace",
          "process_vm_readv",
          "process_vm_writev",
          "process_madvise",
          "kcmp",
          "pidfd_getfd",
          "move_pages",
          "migrate_pages",
          // namespaces and mounts
          "unshare",
          "setns",
          "mount",
          "umount2",
          "pivot_root",
          "chroot",
          "open_tree",
          "open_tree_attr",
          "move_mount",
          "fsopen",
          "fsconfig",
          "fsmount",
          "fspick",
          "mount_setattr",
          "open_by_handle_at",
          "name_to_handle_at",
          "fanotify_init",
          // the kernel and the machine
          "kexec_load",
          "kexec_file_load",
          "init_module",
          "finit_module",
          "delete_module",
          "create_module",
          "query_module",
          "get_kernel_syms",
          "reboot",
          "swapon",
          "swapoff",
          "acct",
          "quotactl",
          "quotactl_fd",
          "syslog",
          "vhangup",
          "sethostname",
          "setdomainname",
          "settimeofday",
          "clock_settime",
          "clock_adjtime",
          "adjtimex",
          "iopl",
          "ioperm",
          "modify_ldt",
          "uselib",
          "_sysctl",
          "sysfs",
          "nfsservctl",
          "lookup_dcookie",
          // large doors into it
          "bpf",
          "perf_event_open",
          "userfaultfd",
          "add_key",
          "request_key",
          "keyctl");

  /** Their arguments are in memory, which a filter can't see; libraries know how to do without. */
  private static final List<String> UNKNOWN =
      List.of(
          "clone3",
          "openat2",
          "memfd_secret",
          "io_uring_setup",
          "io_uring_enter",
          "io_uring_register");

  private static final int NEW_NAMESPACES = 0x7e020000;
  private static final int SET_ID_BITS = 06000;
  private static final int CREATES = 0x400040; // O_CREAT | the O_TMPFILE bit

  private static final int TIOCSTI = 0x5412;
  private static final int TIOCLINUX = 0x541c;

  /** SOCK_DGRAM and SOCK_RAW have this bit, SOCK_STREAM and SOCK_SEQPACKET have not. */
  private static final int DATAGRAM = 2;

  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;

  /** From here on x86-64 has every call once more, for programs with short pointers. */
  private static final int X32 = 0x40000000;

  private final Machine machine;
  private final BpfProgram program = new BpfProgram();

  private SeccompFilter(Machine machine) {
    this.machine = machine;
  }

  /**
   * The filter for this machine; empty where it is not known how calls are numbered.
   *
   * @param architecture as {@code os.arch} gives it
   * @param hostNetwork whether the program is in the host's network: then it gets no Unix sockets,
   *     since abstract ones belong to the network, and many a daemon takes orders there
   */
  public static Optional<byte[]> bytes(String architecture, boolean hostNetwork) {
    return Machine.named(architecture).map(m -> new SeccompFilter(m).build(hostNetwork));
  }

  private byte[] build(boolean hostNetwork) {
    program.onlyOn(machine.auditName());
    if (machine == Machine.X86_64) {
      program.from(X32, BpfProgram.errno(Errno.ENOSYS));
    }
    int refuse = BpfProgram.errno(Errno.EPERM);
    REFUSED.forEach(call -> with(call, n -> program.on(n, refuse)));
    UNKNOWN.forEach(call -> with(call, n -> program.on(n, BpfProgram.errno(Errno.ENOSYS))));
    with("clone", n -> program.onBits(n, 0, NEW_NAMESPACES, refuse));
    with("ioctl", n -> program.onValues(n, 1, List.of(TIOCSTI, TIOCLINUX), refuse));
    // Plain Linux, and to ask what is set; the others weaken the memory layout.
    List<Integer> personalities = List.of(0, 8, 0x20000, 0x20008, -1);
    with("personality", n -> program.exceptValues(n, 0, personalities, refuse));
    sockets(hostNetwork);
    setIdBits(refuse);
    return program.bytes();
  }

  /** Some families lead past the network namespace, such as a virtual machine's to its host. */
  private void sockets(boolean hostNetwork) {
    List<Integer> families =
        hostNetwork
            ? List.of(AF_INET, AF_INET6, AF_NETLINK)
            : List.of(AF_UNIX, AF_INET, AF_INET6, AF_NETLINK);
    int refuse = BpfProgram.errno(Errno.EAFNOSUPPORT);
    with("socket", n -> program.exceptValues(n, 0, families, refuse));
    if (hostNetwork) { // one end of a pair of datagram sockets can send to whom it likes
      int forbidden = BpfProgram.errno(Errno.EPERM);
      with("socketpair", n -> program.onBits(n, 1, DATAGRAM, forbidden));
    }
  }

  /** A file in a writable mount belongs to the server's user, and others could execute it. */
  private void setIdBits(int refuse) {
    with("chmod", n -> program.onBits(n, 1, SET_ID_BITS, refuse));
    with("fchmod", n -> program.onBits(n, 1, SET_ID_BITS, refuse));
    with("fchmodat", n -> program.onBits(n, 2, SET_ID_BITS, refuse));
    with("fchmodat2", n -> program.onBits(n, 2, SET_ID_BITS, refuse));
    with("mkdir", n -> program.onBits(n, 1, SET_ID_BITS, refuse));
    with("mkdirat", n -> program.onBits(n, 2, SET_ID_BITS, refuse));
    with("mknod", n -> program.onBits(n, 1, SET_ID_BITS, refuse));
    with("mknodat", n -> program.onBits(n, 2, SET_ID_BITS, refuse));
    with("creat", n -> program.onBits(n, 1, SET_ID_BITS, refuse));
    with("open", n -> program.onBitsIf(n, 1, CREATES, 2, SET_ID_BITS));
    with("openat", n -> program.onBitsIf(n, 2, CREATES, 3, SET_ID_BITS));
  }

  private void with(String call, IntConsumer rule) {
    OptionalInt number = machine.number(call);
    if (number.isPresent()) {
      rule.accept(number.getAsInt());
    }
  }
}
