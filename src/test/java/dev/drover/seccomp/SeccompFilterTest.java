package dev.drover.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The filters are run by a small machine for the part of BPF that they use. */
class SeccompFilterTest {
  private static final int X86_64 = 0xc000003e;
  private static final int AARCH64 = 0xc00000b7;
  private static final int I386 = 0x40000003;
  private static final int ALLOW = 0x7fff0000;
  private static final int EPERM = 0x00050001;
  private static final int ENOSYS = 0x00050026;
  private static final int EAFNOSUPPORT = 0x00050061;

  private final byte[] shutOff = SeccompFilter.bytes("amd64", false).orElseThrow();
  private final byte[] hostNetwork = SeccompFilter.bytes("amd64", true).orElseThrow();
  private final byte[] arm = SeccompFilter.bytes("aarch64", false).orElseThrow();

  private static int verdict(byte[] filter, int architecture, int number, long... arguments) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0, number).putInt(4, architecture);
    for (int i = 0; i < arguments.length; i++) {
      data.putLong(16 + 8 * i, arguments[i]);
    }
    ByteBuffer code = ByteBuffer.wrap(filter).order(ByteOrder.LITTLE_ENDIAN);
    int a = 0;
    for (int at = 0; ; at++) {
      int k = code.getInt(at * 8 + 4);
      int ifTrue = code.get(at * 8 + 2) & 0xff;
      int ifFalse = code.get(at * 8 + 3) & 0xff;
      switch (code.getShort(at * 8)) {
        case 0x20 -> a = data.getInt(k);
        case 0x15 -> at += a == k ? ifTrue : ifFalse;
        case 0x35 -> at += Integer.compareUnsigned(a, k) >= 0 ? ifTrue : ifFalse;
        case 0x45 -> at += (a & k) != 0 ? ifTrue : ifFalse;
        case 0x06 -> {
          return k;
        }
        default -> throw new AssertionError("unknown instruction at " + at);
      }
    }
  }

  private int x86(int number, long... arguments) {
    return verdict(shutOff, X86_64, number, arguments);
  }

  @Test
  void whatProgramsNeedIsAllowed() {
    // read, write, mmap, clone of a thread, execve, prctl, futex, seccomp, getrandom, statx, rseq
    for (int number : List.of(0, 1, 9, 59, 157, 202, 317, 318, 332, 334)) {
      assertThat(x86(number)).as("call " + number).isEqualTo(ALLOW);
    }
    assertThat(x86(56, 0x3d0f00)).as("a thread").isEqualTo(ALLOW);
    assertThat(x86(56, 0x1200011)).as("a fork").isEqualTo(ALLOW);
  }

  @Test
  void whatReachesOutIsRefused() {
    Map<String, Integer> calls =
        Map.of(
            "ptrace",
            101,
            "mount",
            165,
            "setns",
            308,
            "unshare",
            272,
            "bpf",
            321,
            "keyctl",
            250,
            "process_vm_readv",
            310,
            "reboot",
            169,
            "syslog",
            103,
            "userfaultfd",
            323);
    calls.forEach((name, number) -> assertThat(x86(number)).as(name).isEqualTo(EPERM));
    assertThat(x86(435)).as("clone3").isEqualTo(ENOSYS);
    assertThat(x86(425)).as("io_uring_setup").isEqualTo(ENOSYS);
  }

  @Test
  void namespacesAreNotMadeByCloneEither() {
    assertThat(x86(56, 0x10000011)).as("CLONE_NEWUSER").isEqualTo(EPERM);
    assertThat(x86(56, 0x40000000L | 0x11)).as("CLONE_NEWNET").isEqualTo(EPERM);
    assertThat(x86(56, 0x00020011)).as("CLONE_NEWNS").isEqualTo(EPERM);
  }

  @Test
  void aTerminalIsNotTypedInto() {
    assertThat(x86(16, 0, 0x5412)).as("TIOCSTI").isEqualTo(EPERM);
    assertThat(x86(16, 0, 0xffff_ffff_0000_5412L)).as("its high half is noise").isEqualTo(EPERM);
    assertThat(x86(16, 0, 0x5401)).as("TCGETS").isEqualTo(ALLOW);
  }

  @Test
  void besideTheHostsNetworkNoPairOfSocketsCanSendToOthers() {
    assertThat(verdict(hostNetwork, X86_64, 53, 1, 0x80002)).as("datagrams").isEqualTo(EPERM);
    assertThat(verdict(hostNetwork, X86_64, 53, 1, 3)).as("raw").isEqualTo(EPERM);
    assertThat(verdict(hostNetwork, X86_64, 53, 1, 0x80001)).as("a stream").isEqualTo(ALLOW);
    assertThat(verdict(hostNetwork, X86_64, 53, 1, 5)).as("packets in order").isEqualTo(ALLOW);
    assertThat(x86(53, 1, 2)).as("in a network of its own").isEqualTo(ALLOW);
  }

  @Test
  void onlyOrdinaryFamiliesOfSocketsAreThere() {
    assertThat(x86(41, 1, 1)).as("unix").isEqualTo(ALLOW);
    assertThat(x86(41, 2, 1)).as("inet").isEqualTo(ALLOW);
    assertThat(x86(41, 10, 1)).as("inet6").isEqualTo(ALLOW);
    assertThat(x86(41, 40, 1)).as("vsock").isEqualTo(EAFNOSUPPORT);
    assertThat(x86(41, 17, 3)).as("packet").isEqualTo(EAFNOSUPPORT);
    assertThat(verdict(hostNetwork, X86_64, 41, 1, 1)).as("unix").isEqualTo(EAFNOSUPPORT);
    assertThat(verdict(hostNetwork, X86_64, 41, 2, 1)).as("inet").isEqualTo(ALLOW);
    assertThat(verdict(hostNetwork, X86_64, 53, 1, 1)).as("a pair").isEqualTo(ALLOW);
  }

  @Test
  void filesThatChangeTheUserAreNotMade() {
    assertThat(x86(90, 0, 04755)).as("chmod").isEqualTo(EPERM);
    assertThat(x86(91, 0, 02755)).as("fchmod").isEqualTo(EPERM);
    assertThat(x86(268, 0, 0, 04755)).as("fchmodat").isEqualTo(EPERM);
    assertThat(x86(452, 0, 0, 04755)).as("fchmodat2").isEqualTo(EPERM);
    assertThat(x86(257, 0, 0, 0x41, 04755)).as("openat that creates").isEqualTo(EPERM);
    assertThat(x86(257, 0, 0, 0x0, 04755)).as("openat that does not").isEqualTo(ALLOW);
    assertThat(x86(2, 0, 0x41, 04755)).as("open that creates").isEqualTo(EPERM);
    assertThat(x86(257, 0, 0, 0x41, 0644)).as("an ordinary file").isEqualTo(ALLOW);
    assertThat(x86(90, 0, 0755)).as("an ordinary mode").isEqualTo(ALLOW);
    assertThat(x86(90, 0, 01777)).as("a sticky folder").isEqualTo(ALLOW);
  }

  @Test
  void theMemoryLayoutIsNotWeakened() {
    assertThat(x86(135, 0xffffffffL)).as("a question").isEqualTo(ALLOW);
    assertThat(x86(135, 0x0040000)).as("ADDR_NO_RANDOMIZE").isEqualTo(EPERM);
  }

  @Test
  void callsByOtherNumbersAreNotMistaken() {
    assertThat(verdict(shutOff, I386, 0)).as("32 bits").isEqualTo(0x80000000);
    assertThat(verdict(shutOff, AARCH64, 0)).as("another machine").isEqualTo(0x80000000);
    assertThat(x86(0x40000000 + 101)).as("x32").isEqualTo(ENOSYS);
  }

  @Test
  void armHasItsOwnNumbers() {
    assertThat(verdict(arm, AARCH64, 117)).as("ptrace").isEqualTo(EPERM);
    assertThat(verdict(arm, AARCH64, 40)).as("mount").isEqualTo(EPERM);
    assertThat(verdict(arm, AARCH64, 220, 0x10000011)).as("clone").isEqualTo(EPERM);
    assertThat(verdict(arm, AARCH64, 198, 40)).as("vsock").isEqualTo(EAFNOSUPPORT);
    assertThat(verdict(arm, AARCH64, 53, 0, 0, 04755)).as("fchmodat").isEqualTo(EPERM);
    assertThat(verdict(arm, AARCH64, 101)).as("nanosleep").isEqualTo(ALLOW);
    assertThat(verdict(arm, X86_64, 0)).as("another machine").isEqualTo(0x80000000);
  }

  @Test
  void ofOtherMachinesNothingIsKnown() {
    assertThat(SeccompFilter.bytes("riscv64", false)).isEmpty();
  }
}
