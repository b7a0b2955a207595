package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Agents that reach past their sandbox by system calls and sockets. */
class HostileCallsIT extends HostileAgents {
  private static final Set<Long> REFUSALS = Set.of(1L, 38L);

  /** What any user may call, so that the difference is the sandbox's. */
  private static final List<String> FREE =
      List.of(
          "ptrace",
          "process_vm_readv",
          "kcmp",
          "unshare",
          "setns",
          "personality",
          "keyctl",
          "name_to_handle_at",
          "mount_setattr",
          "openat2",
          "clone3",
          "chmod_setuid",
          "fchmod_setgid",
          "open_setuid",
          "tiocsti",
          "clone_user",
          "modify_ldt");

  @Test
  @SuppressWarnings("unchecked")
  void callsThatReachOutAreRefused() {
    Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "numbers of x86-64");
    AgentManifest caller = hostile("caller");

    Map<String, Long> inside = (Map<String, Long>) contained(caller, Map.of());
    Map<String, Long> outside = (Map<String, Long>) free(caller, Map.of());

    assertThat(inside).hasSize(23);
    assertThat(inside.values()).allMatch(REFUSALS::contains, inside.toString());
    FREE.forEach(name -> assertThat(REFUSALS).as(name).doesNotContain(outside.get(name)));
  }

  @Test
  void theKernelKnowsTheSandboxAsHardened() throws IOException {
    TestAgent told =
        agent("told")
            .script(
                "grep -E '^(Cap|NoNewPrivs|Seccomp:|Uid|Gid|Groups)' /proc/self/status >&2",
                "for n in user mnt pid net ipc uts cgroup; do",
                "  echo \"$n $(readlink /proc/self/ns/$n)\" >&2",
                "done",
                "cat /proc/sys/user/max_user_namespaces >&2",
                "echo 1");

    assertThat(output(run(told))).isEqualTo(1L);

    String none = "0000000000000000";
    for (String set : List.of("Inh", "Prm", "Eff", "Bnd", "Amb")) {
      assertThat(lines()).contains("Cap" + set + ":\t" + none);
    }
    assertThat(lines()).contains("NoNewPrivs:\t1", "Seccomp:\t2");
    assertThat(lines()).contains("Uid:\t65534\t65534\t65534\t65534");
    for (String kind : List.of("user", "mnt", "pid", "net", "ipc", "uts", "cgroup")) {
      String host = Files.readSymbolicLink(Path.of("/proc/self/ns/" + kind)).toString();
      assertThat(lines()).as(kind).doesNotContain(kind + " " + host);
      assertThat(lines()).as(kind).anyMatch(line -> line.startsWith(kind + " " + kind + ":["));
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void noSocketLeadsOut() throws IOException {
    String name = "drover-" + System.nanoTime();
    Process listener = abstractListener(name);
    try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Map<String, Object> input = Map.of("port", (long) server.getLocalPort(), "name", name);

      assertThat((List<Object>) contained(hostile("connector"), input)).isEmpty();
      assertThat((List<String>) free(hostile("connector"), input))
          .contains("loopback", "abstract", "datagram");
      List<String> any =
          new ArrayList<>((List<String>) contained(hostile("connector", "network: any"), input));
      any.remove("route"); // where this host has one
      assertThat(any)
          .as("the host's network, but not what listens beside it")
          .containsExactly("loopback");
    } finally {
      listener.destroyForcibly();
    }
  }

  private static Process abstractListener(String name) throws IOException {
    String script =
        "use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un(qq(\\0$ARGV[0])))"
            + " or die; listen(S, 8); socket(D, PF_UNIX, SOCK_DGRAM, 0); bind(D,"
            + " pack_sockaddr_un(qq(\\0$ARGV[0]-datagrams))) or die;"
            + " $| = 1; print qq(up\\n); accept(C, S) while 1";
    Process process = new ProcessBuilder("perl", "-e", script, name).start();
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("up");
    return process;
  }

  @Test
  void whatAnAgentBindsIsItsOwn() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    TestAgent binder =
        agent("binder")
            .command("[perl, bind.pl]")
            .file(
                "bind.pl",
                "use Socket; socket(S, PF_INET, SOCK_STREAM, 0); bind(S, pack_sockaddr_in("
                    + port
                    + ", INADDR_ANY)) or die; listen(S, 1); print STDERR qq(bound\\n); sleep 20\n");
    RunningAttempt attempt = start(binder, Map.of(), SOON);
    await().atMost(SOON).until(() -> lines().contains("bound"));

    try (ServerSocket mine = new ServerSocket(port)) {
      assertThat(mine.isBound()).isTrue();
    }
    attempt.cancel("seen enough");
    end(attempt);
  }
}
